import { nanoOf } from "@/format/money";
import { usePreference } from "@/session/preferences";

const isBudget = (value: unknown): value is string =>
  typeof value === "string" && /^\d{1,12}(?:\.\d{1,9})?$/.test(value) && nanoOf(value) > 0n;

/** What a month may cost in a person's own eyes, in dollars, and a way to change it. It goes with the account. */
export const useBudget = () =>
  usePreference<string | undefined>("monthly_budget_usd", isBudget, undefined);
