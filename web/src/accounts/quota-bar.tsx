import { useTranslation } from "react-i18next";

import type { AccountView, QuotaWindow } from "@/api/types";
import { cn } from "@/components/class-names";
import { Missing } from "@/components/value/missing";
import { TimeAgo } from "@/components/value/time-ago";
import { useTimeZone } from "@/components/value/time-zone";
import { formatShare } from "@/format/number";
import { formatTime } from "@/format/time";
import { leftUntil, lengthOf, usedOf } from "./account";

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
  const now = Date.now();
  const { share, isOver } = usedOf(window, now);
  const left = window.resets_at === undefined ? undefined : leftUntil(window.resets_at, now);
  return (
    <span className="inline-flex max-w-full items-center gap-1.5">
      <Bar window={window} className="w-8 shrink-0" />
      <span className="num shrink-0">
        {formatShare(Math.round(share * 100) / 100, i18n.language)}
      </span>
      {left !== undefined && (
        <span className="num truncate text-fg-2 text-sm max-md:hidden">
          {isOver ? t("quota.over") : left}
        </span>
      )}
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

/** A window as plain text: "5 hours: 42 % used, starts anew 29 Nov 2026, 14:00". */
export function useWindowText(): (window: QuotaWindow) => string {
  const { t, i18n } = useTranslation("accounts");
  const zone = useTimeZone();
  const lengthText = useLengthText();
  return (window) => {
    const { share, isOver } = usedOf(window, Date.now());
    const used = t("quota.used", { share: formatShare(share, i18n.language) });
    const { resets_at } = window;
    const reset = isOver
      ? t("quota.over")
      : resets_at && `${t("quota.resets")} ${formatTime(resets_at, i18n.language, zone)}`;
    return `${lengthText(window)}: ${[used, reset].filter(Boolean).join(" · ")}`;
  };
}
