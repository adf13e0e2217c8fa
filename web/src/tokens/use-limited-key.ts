import * as z from "zod/mini";

import type { KeyRules, Limits } from "@/api/types";
import { useTimeZone } from "@/components/value/time-zone";
import { text } from "@/form/rules";
import { useForm } from "@/form/use-form";
import { budgetDraftsOf, budgetsOf, budgetsSchema } from "@/limits/budgets";
import { isSameLimits, limitsDraftOf, limitsOf, limitsSchema } from "@/limits/limits";
import { isSameRules, type RulesDraft, rulesDraftOf, rulesOf, rulesSchema } from "./key-rules";

const schema = z.object({
  name: text({ most: 64 }),
  limits: limitsSchema,
  budgets: budgetsSchema,
  rules: rulesSchema,
});

type Checked = z.infer<typeof schema>;

interface Before {
  name?: string;
  limits?: Limits;
  rules?: KeyRules;
}

/** The form of a key, and of what was typed the limits and rules that differ from those it has: each as a whole. */
export function useLimitedKey(before: Before = {}) {
  const zone = useTimeZone();
  const limits = limitsDraftOf(before.limits);
  const form = useForm<z.input<typeof schema>, Checked>(schema, {
    name: before.name ?? "",
    limits,
    budgets: budgetDraftsOf(before.rules?.budgets),
    rules: rulesDraftOf(before.rules, zone),
  });
  const changedOf = (checked: Checked): { limits?: Limits; rules?: KeyRules } => {
    const budgets = budgetsOf(checked.budgets);
    const rules = {
      ...rulesOf(checked.rules as RulesDraft, zone, before.rules),
      ...(budgets.length > 0 && { budgets }),
    };
    return {
      ...(!isSameLimits(limits, checked.limits) && { limits: limitsOf(checked.limits) }),
      ...(!isSameRules(before.rules ?? {}, rules) && { rules }),
    };
  };
  return { form, changedOf };
}
