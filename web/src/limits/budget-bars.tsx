import { useTranslation } from "react-i18next";

import type { BudgetUse } from "@/api/types";
import { Time } from "@/components/value/time-ago";
import { formatUsd } from "@/format/money";
import { formatExact, formatShare } from "@/format/number";
import { useBudgetsText } from "./use-budgets-text";

/** So much used is worth a look. */
const warnFrom = 0.8;

/** Budgets with what is used of each. */
export function BudgetBars({ budgets }: { budgets: readonly BudgetUse[] }) {
  return (
    <ul className="grid gap-x-8 gap-y-3 sm:grid-cols-2">
      {budgets.map((budget) => (
        <Line
          key={[budget.api_key_id, budget.per, budget.usd === undefined].join()}
          budget={budget}
        />
      ))}
    </ul>
  );
}

function Line({ budget }: { budget: BudgetUse }) {
  const { t, i18n } = useTranslation("limits");
  const budgetsText = useBudgetsText();
  const { usd, used_usd = "0", llm_tokens = 0, used_llm_tokens = 0 } = budget;
  const isMoney = usd !== undefined;
  const share = isMoney ? Number(used_usd) / Number(usd) : used_llm_tokens / llm_tokens;
  const used = isMoney
    ? formatUsd(used_usd, i18n.language)
    : formatExact(used_llm_tokens, i18n.language);
  return (
    <li className="space-y-1">
      <p className="flex flex-wrap justify-between gap-x-4">
        <span className="min-w-0">
          {budget.api_key_name === undefined ? (
            t("budgets.all_keys")
          ) : (
            <bdi data-raw="" className="break-all font-medium">
              {budget.api_key_name}
            </bdi>
          )}
          {": "}
          {budgetsText([budget])}
        </span>
        <span className="num">
          {t("budgets.used", { used, share: formatShare(Math.min(share, 9.99), i18n.language) })}
        </span>
      </p>
      <svg
        aria-hidden="true"
        className="block h-2 w-full overflow-hidden rounded-badge bg-surface-3"
      >
        <rect width={`${Math.min(share, 1) * 100}%`} height="100%" className={toneOf(share)} />
      </svg>
      {budget.resets_at !== undefined && (
        <p className="text-fg-2 text-sm">
          {t("budgets.resets")} <Time time={budget.resets_at} />
        </p>
      )}
    </li>
  );
}

const toneOf = (share: number) =>
  share >= 1 ? "fill-err" : share >= warnFrom ? "fill-warn" : "fill-ok";
