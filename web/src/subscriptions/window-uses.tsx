import { useTranslation } from "react-i18next";

import type { WindowUse } from "@/api/types";
import { cn } from "@/components/class-names";
import { formatUsd } from "@/format/money";
import { formatShare } from "@/format/number";
import { fullestFirst, shareOf, windowText } from "./windows";

/** So much used is worth a look. */
const warnFrom = 0.8;

const toneOf = (share: number) =>
  share >= 1 ? "fill-err" : share >= warnFrom ? "fill-warn" : "fill-ok";

/** What is used of each window, the fullest first; a narrow screen has room for that one. */
export function WindowUses({ windows }: { windows: readonly WindowUse[] }) {
  return (
    <span className="inline-flex max-w-full gap-4">
      {fullestFirst(windows).map((use, at) => (
        <OneWindow key={use.per} use={use} className={cn(at > 0 && "max-md:hidden")} />
      ))}
    </span>
  );
}

function OneWindow({ use, className }: { use: WindowUse; className: string }) {
  const { t, i18n } = useTranslation("subscriptions");
  const share = shareOf(use);
  const amounts = {
    used: formatUsd(use.used_usd, i18n.language),
    limit: formatUsd(use.limit_usd, i18n.language),
  };
  return (
    <span className={cn("inline-flex items-center gap-1.5", className)}>
      <span className="num text-fg-2 text-sm">{windowText[use.per]}</span>
      <svg
        aria-hidden="true"
        className="block h-2 w-8 shrink-0 overflow-hidden rounded-badge bg-surface-3"
      >
        <rect width={`${Math.min(share, 1) * 100}%`} height="100%" className={toneOf(share)} />
      </svg>
      <span className="num md:hidden">
        {formatShare(Math.round(share * 100) / 100, i18n.language)}
      </span>
      <span className="num max-md:hidden">{t("used_of", amounts)}</span>
    </span>
  );
}

/** The same as plain text. */
export function useWindowsText(): (windows: readonly WindowUse[]) => string {
  const { t, i18n } = useTranslation("subscriptions");
  return (windows) =>
    fullestFirst(windows)
      .map(({ per, used_usd, limit_usd }) => {
        const used = formatUsd(used_usd, i18n.language);
        const limit = formatUsd(limit_usd, i18n.language);
        return `${windowText[per]}: ${t("used_of", { used, limit })}`;
      })
      .join(" · ");
}
