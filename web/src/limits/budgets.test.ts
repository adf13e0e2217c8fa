import { describe, expect, it } from "vitest";

import { type BudgetDraft, budgetDraftsOf, budgetMistakesOf, budgetsOf } from "./budgets";

const money = (amount: string, per = "5h"): BudgetDraft => ({ amount, unit: "usd", per });
const tokens = (amount: string, per = "5h"): BudgetDraft => ({ amount, unit: "llm_tokens", per });

describe("budgets", () => {
  it("come back from the form as they were", () => {
    const budgets = [
      { per: "5h", usd: "0.000000001" },
      { per: "total", llm_tokens: 9_000_000_000_000 },
    ];
    expect(budgetsOf(budgetDraftsOf(budgets))).toEqual(budgets);
  });

  it("are money or LLM tokens, more than nothing, one of a kind for a time", () => {
    const told = [
      [money(""), "required"],
      [money("0"), "above_zero"],
      [money("0.000000000"), "above_zero"],
      [money("-1"), "price"],
      [money("1e3"), "price"],
      [money("0.0000000001"), "price"],
      [tokens("1.5"), "number"],
      [tokens("0"), "at_least:1"],
      [tokens("9007199254740992"), "at_most:9007199254740991"],
      [money(" 2.5 "), undefined],
      [tokens("9007199254740991"), undefined],
    ] as const;
    for (const [draft, mistake] of told) expect(budgetMistakesOf([draft])).toEqual([mistake]);
    expect(budgetMistakesOf([money("1"), tokens("1"), money("2"), money("3", "1d")])).toEqual([
      undefined,
      undefined,
      "budget_twice",
      undefined,
    ]);
  });
});
