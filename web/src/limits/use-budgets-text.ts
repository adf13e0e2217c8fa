import { useTranslation } from "react-i18next";

import type { Budget } from "@/api/types";
import { formatUsd } from "@/format/money";
import { formatExact } from "@/format/number";

const calendar = { day: "day", week: "week", month: "month", total: "total" } as const;
const units = { m: "minute", h: "hour", d: "day" } as const;

/** The time of a budget in words: `in 5 hours`, `a calendar day`. */
export function usePeriodText(): (per: string) => string {
  const { t } = useTranslation("limits");
  return (per) => {
    if (per in calendar) return t(`budgets.calendar.${per as keyof typeof calendar}`);
    const [, count, unit] = /^(\d+)([mhd])$/.exec(per) ?? [];
    if (count === undefined || unit === undefined) return per;
    return t(`budgets.rolling.${units[unit as keyof typeof units]}`, { count: Number(count) });
  };
}

/** Budgets in one line: `$20.00 in 5 hours · 1,000,000 LLM tokens a month`; nothing where there are none. */
export function useBudgetsText(): (budgets: readonly Budget[] | undefined) => string {
  const { t, i18n } = useTranslation("limits");
  const periodText = usePeriodText();
  return (budgets = []) =>
    budgets
      .map(({ per, usd, llm_tokens = 0 }) => {
        const most =
          usd === undefined
            ? t("budgets.tokens", {
                count: llm_tokens,
                shown: formatExact(llm_tokens, i18n.language),
              })
            : formatUsd(usd, i18n.language);
        return t("budgets.short", { most, per: periodText(per) });
      })
      .join(" · ");
}
