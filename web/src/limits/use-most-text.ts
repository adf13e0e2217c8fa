import type { KeyRules, Limits } from "@/api/types";
import { useBudgetsText } from "./use-budgets-text";
import { useLimitsText } from "./use-limits-text";

/** What a key may use and spend at most, in one line; nothing where there is no limit. */
export function useMostText(): (key: {
  limits?: Limits | undefined;
  rules?: KeyRules | undefined;
}) => string {
  const [limitsText, budgetsText] = [useLimitsText(), useBudgetsText()];
  return ({ limits, rules }) =>
    [limitsText(limits), budgetsText(rules?.budgets)].filter(Boolean).join(" · ");
}
