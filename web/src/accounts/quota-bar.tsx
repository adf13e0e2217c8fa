import { useTranslation } from "react-i18next";

import type { AccountView, QuotaWindow } from "@/api/types";
import { cn } from "@/components/class-names";
import { Missing } from "@/components/value/missing";
import { TimeAgo } from "@/components/value/time-ago";
import { formatShare } from "@/format/number";
import { lengthOf, usedOf } from "./account";

const fills = { ok: "fill-ok", warn: "fill-warn", err: "fill-err" };

/** The share as a bar; the figure beside it says the same. */
function Bar({ window, className }: { window: QuotaWindow; className?: string }) {
  const { share, tone, isOver } = usedOf(window, Date.now());
  return (
    <svg
      aria-hidden="true"
      className={cn("block h-2 overflow-hidden rounded-badge bg-surface-3", className)}
    >
      <rect
        width={`${share * 100}%`}
        height="100%"
        className={isOver ? "fill-line-strong" : fills[tone]}
      />
    </svg>
  );
}

/** One window in a cell: bar, share, when it starts anew. */
export function WindowCell(props: { account: AccountView; name: QuotaWindow["name"] }) {
  const { t, i18n } = useTranslation("accounts");
  const window = windowOf(props.account, props.name);
  if (!window) return <Missing reason={t("quota.unknown")} />;
  return (
    <span className="inline-flex max-w-full items-center gap-2">
      <Bar window={window} className="w-12 shrink-0" />
      <span className="num shrink-0">
        {formatShare(usedOf(window, Date.now()).share, i18n.language)}
      </span>
      <span className="truncate text-fg-3 text-sm max-md:hidden">
        <Reset window={window} />
      </span>
    </span>
  );
}

/** One window by itself: how long it is, how much of it is used up, when it starts anew. */
export function WindowLine({ window }: { window: QuotaWindow }) {
  const { t, i18n } = useTranslation("accounts");
  const lengthText = useLengthText();
  const { share } = usedOf(window, Date.now());
  return (
    <li className="space-y-1">
      <p className="flex flex-wrap justify-between gap-x-4">
        <span className="font-medium">{lengthText(window)}</span>
        <span className="num">{t("quota.used", { share: formatShare(share, i18n.language) })}</span>
      </p>
      <Bar window={window} className="w-full" />
      {window.resets_at !== undefined && (
        <p className="text-fg-2 text-sm">
          {!usedOf(window, Date.now()).isOver && `${t("quota.resets")} `}
          <Reset window={window} />
        </p>
      )}
    </li>
  );
}

function Reset({ window }: { window: QuotaWindow }) {
  const { t } = useTranslation("accounts");
  if (window.resets_at === undefined) return null;
  if (usedOf(window, Date.now()).isOver) return t("quota.over");
  return <TimeAgo time={window.resets_at} />;
}

export const windowOf = (account: AccountView, name: QuotaWindow["name"]) =>
  account.quota?.windows.find((one) => one.name === name);

/** "5 hours"; where the vendor does not say how long it is, which of the two. */
function useLengthText(): (window: QuotaWindow) => string {
  const { t } = useTranslation("accounts");
  return ({ window_seconds, name }) => {
    if (window_seconds === 0) return t(`quota.${name}`);
    const { unit, count } = lengthOf(window_seconds);
    return t(`quota.${unit}`, { count });
  };
}

/** A window as plain text: "5 hours: 42 % used". */
export function useWindowText(): (window: QuotaWindow) => string {
  const { t, i18n } = useTranslation("accounts");
  const lengthText = useLengthText();
  return (window) => {
    const share = formatShare(usedOf(window, Date.now()).share, i18n.language);
    return `${lengthText(window)}: ${t("quota.used", { share })}`;
  };
}
