import { get, useFormState, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { useTimeZone } from "@/components/value/time-zone";
import { Advanced } from "@/form/advanced";
import { formatTime } from "@/format/time";
import { type BudgetDraft, budgetMistakesOf, budgetsOf } from "@/limits/budgets";
import { FormBudgets } from "@/limits/budgets-fields";
import { type LimitsDraft, limitMistakesOf, limitsOf } from "@/limits/limits";
import { FormLimits } from "@/limits/limits-fields";
import { useBudgetsText } from "@/limits/use-budgets-text";
import { useLimitsText } from "@/limits/use-limits-text";
import { type RulesDraft, rulesOf } from "./key-rules";
import { KeyRulesFields } from "./key-rules-fields";
import { useRulesText, useSpanText } from "./use-rules-text";

/** Of the form of a key: how much it may use, and what it is good for. Folded, with what is set beside the heading. */
export function LimitedSections({ models }: { models: readonly string[] }) {
  const { t } = useTranslation(["tokens", "limits"]);
  const { errors } = useFormState();
  return (
    <>
      <Advanced label={t("limits:title")} note={useLimitsNote()} mistakes={mistakesOf(errors)}>
        <FormLimits name="limits" owner="key" />
        <FormBudgets />
      </Advanced>
      <Advanced
        label={t("tokens:rules.title")}
        note={useRulesNote()}
        mistakes={get(errors, "rules") as object | undefined}
      >
        <KeyRulesFields models={models} />
      </Advanced>
    </>
  );
}

/** What is wrong in either part. */
function mistakesOf(errors: object): object | undefined {
  const parts = [get(errors, "limits"), get(errors, "budgets")] as (object | undefined)[];
  return parts.find((part) => part !== undefined);
}

function useLimitsNote(): string {
  const { t } = useTranslation("limits");
  const [limitsText, budgetsText] = [useLimitsText(), useBudgetsText()];
  const draft = useWatch({ name: "limits" }) as LimitsDraft;
  const budgets = useWatch({ name: "budgets" }) as BudgetDraft[];
  const isWrong =
    Object.keys(limitMistakesOf(draft)).length > 0 || budgetMistakesOf(budgets).some(Boolean);
  if (isWrong) return "";
  const parts = [limitsText(limitsOf(draft)), budgetsText(budgetsOf(budgets))];
  return parts.filter(Boolean).join(" · ") || t("none");
}

function useRulesNote(): string {
  const { t, i18n } = useTranslation("tokens");
  const zone = useTimeZone();
  const [rulesText, spanText] = [useRulesText(), useSpanText()];
  const rules = rulesOf(useWatch({ name: "rules" }) as RulesDraft, zone);
  const { expires_at } = rules;
  const end = [
    expires_at === undefined
      ? undefined
      : t("rules.until", { time: formatTime(expires_at, i18n.language, zone) }),
    spanText(Number.isSafeInteger(rules.valid_for_s) ? rules : {}),
  ];
  return [rulesText(rules) || t("rules.everything"), ...end].filter(Boolean).join(" · ");
}
