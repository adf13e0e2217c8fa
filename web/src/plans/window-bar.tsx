import { useTranslation } from "react-i18next";

import type { WindowUse } from "@/api/types";
import { formatUsd } from "@/format/money";
import { isUsedUp } from "./held";
import { Until } from "./until";

/** So much used is worth a look. */
const warnFrom = 0.8;

/** One window of a plan: how much of its limit is used, and when that returns. */
export function WindowBar({ window }: { window: WindowUse }) {
  const { t, i18n } = useTranslation("plans");
  const { per, used_usd, limit_usd, eases_at, empty_at } = window;
  const usd = (amount: string) => formatUsd(amount, i18n.language);
  const share = Math.min(Number(used_usd) / Number(limit_usd), 1);
  const isFull = isUsedUp(window);
  return (
    <li className="min-w-0 space-y-1">
      <p className="flex flex-wrap justify-between gap-x-4">
        <span className="font-medium">{t(`per.${per}`)}</span>
        <span className="num">
          {isFull && <span className="font-medium text-err">{t("window.used_up")} · </span>}
          {t("window.used", { used: usd(used_usd), limit: usd(limit_usd) })}
        </span>
      </p>
      <svg
        aria-hidden="true"
        className="block h-2 w-full overflow-hidden rounded-badge bg-surface-3"
      >
        <rect
          width={`${share * 100}%`}
          height="100%"
          className={isFull ? "fill-err" : share >= warnFrom ? "fill-warn" : "fill-ok"}
        />
      </svg>
      {eases_at !== undefined && eases_at !== empty_at && (
        <p className="text-fg-2 text-sm">
          {t("window.eases")} <Until time={eases_at} />
        </p>
      )}
      {empty_at !== undefined && (
        <p className="text-fg-2 text-sm">
          {t("window.empty")} <Until time={empty_at} />
        </p>
      )}
    </li>
  );
}
