/** Budgets as the server keeps them and as a form holds them. */
import * as z from "zod/mini";

import type { Budget } from "@/api/types";
import { countMistake, usd } from "@/form/rules";

export type BudgetUnit = "usd" | "llm_tokens";

/** As typed. */
export interface BudgetDraft {
  amount: string;
  unit: BudgetUnit;
  per: string;
}

/** The times that can be chosen; any other that a budget has stays. */
export const usualPeriods = ["5h", "1d", "7d", "30d", "day", "week", "month", "total"] as const;

/** As many can be had. */
export const mostBudgets = 8;
/** The most LLM tokens that a field takes: all are exact. */
const mostTokens = Number.MAX_SAFE_INTEGER;

export const budgetDraftsOf = (budgets: readonly Budget[] = []): BudgetDraft[] =>
  budgets.map(({ per, usd: money, llm_tokens }) =>
    llm_tokens === undefined
      ? { amount: money ?? "", unit: "usd", per }
      : { amount: String(llm_tokens), unit: "llm_tokens", per },
  );

/** The budgets of drafts without mistakes. */
export const budgetsOf = (drafts: readonly BudgetDraft[]): Budget[] =>
  drafts.map(({ amount, unit, per }) =>
    unit === "usd" ? { per, usd: amount.trim() } : { per, llm_tokens: Number(amount) },
  );

/** What keeps a budget from being saved, as a message of `common:rules`; one beside each, or nothing. */
export function budgetMistakesOf(drafts: readonly BudgetDraft[]): (string | undefined)[] {
  return drafts.map((draft, place) => {
    const isTwice = drafts
      .slice(0, place)
      .some(({ unit, per }) => unit === draft.unit && per === draft.per);
    return amountMistake(draft) ?? (isTwice ? "budget_twice" : undefined);
  });
}

function amountMistake({ amount, unit }: BudgetDraft): string | undefined {
  const typed = amount.trim();
  if (typed === "") return "required";
  if (unit === "llm_tokens") return countMistake(typed, mostTokens);
  const { success, error } = usd().safeParse(typed);
  if (!success) return error.issues[0]?.message;
  return Number(typed) > 0 ? undefined : "above_zero";
}

/** The part of a form's schema. */
export const budgetsSchema = z
  .array(z.object({ amount: z.string(), unit: z.enum(["usd", "llm_tokens"]), per: z.string() }))
  .check(({ value, issues }) => {
    budgetMistakesOf(value).forEach((message, place) => {
      if (message !== undefined)
        issues.push({ code: "custom", message, path: [place, "amount"], input: value });
    });
  });

export const isSameBudgets = (left: readonly BudgetDraft[], right: readonly BudgetDraft[]) =>
  JSON.stringify(budgetsOf(left)) === JSON.stringify(budgetsOf(right));
