import { describe, expect, it } from "vitest";

import { models } from "@/connect/fixtures/account";
import type { AssistantTurn, Prompt } from "./conversation";
import { emptyAnswer, firstShared } from "./conversation";
import { estimateOf, textTokens } from "./estimate";
import { priceOf } from "./price";
import { emptyTree, treeOf } from "./tree";

const prompt = (text: string): Prompt => ({ text, images: [] });
const thread = (model: string, tree = emptyTree) => ({ model, tree });
const gpt = models[0];

describe("a price", () => {
  it("is exact, and reads what is cached at the price of that", () => {
    const tokens = { input: 1_000, cache_read: 2_000, cache_write: 0, output: 100 };
    // 1,000 × $1.75 + 2,000 × $1.75 + 100 × $14, each per million.
    expect(priceOf(tokens, gpt)).toBe("0.00665");
    expect(priceOf(tokens, gpt && { ...gpt, cache_read_usd: "0.175" })).toBe("0.0035");
  });

  it("is unknown where the list has none", () => {
    const tokens = { input: 1, cache_read: 0, cache_write: 0, output: 0 };
    expect(priceOf(tokens, undefined)).toBeUndefined();
    const { input_usd: _, ...free } = gpt as NonNullable<typeof gpt>;
    expect(priceOf(tokens, free)).toBeUndefined();
  });
});

describe("an estimate", () => {
  it("counts Chinese by the character", () => {
    expect(textTokens("abcdefgh")).toBe(2);
    expect(textTokens("你好 hi")).toBe(3);
  });

  it("is silent up to ten cents", () => {
    expect(estimateOf([thread("gpt-5.2")], firstShared, prompt("Hi"), models)).toBeUndefined();
  });

  it("speaks above, for all models together", () => {
    const text = "x".repeat(160_000);
    const one = estimateOf([thread("gpt-5.2")], firstShared, prompt(text), models);
    // 40,000 × $1.75 + 4,096 × $14, each per million.
    expect(one).toEqual({ usd: "0.127344", input: 40_000, output: 4_096 });
    const two = estimateOf(
      [thread("gpt-5.2"), thread("gpt-5.2-mini"), thread("of no price")],
      firstShared,
      prompt(text),
      models,
    );
    expect(two).toEqual({ usd: "0.254688", input: 80_000, output: 8_192 });
  });

  it("goes by the bound that is set, and by what the last answer reported", () => {
    const usage = {
      input: 90_000,
      cache_read: 8_000,
      cache_write: 0,
      output: 2_500,
      reasoning: 500,
    };
    const answer: AssistantTurn = { ...emptyAnswer("2"), text: "short", usage };
    const tree = treeOf([{ id: "1", role: "user", text: "Hi", images: [] }, answer]);
    const shared = { ...firstShared, max_tokens: 1_000 };
    expect(estimateOf([thread("gpt-5.2", tree)], shared, prompt("okay"), models)).toEqual({
      usd: "0.18900175",
      input: 100_001,
      output: 1_000,
    });
  });

  it("reckons with attachments", () => {
    const url = `data:application/pdf;base64,${"A".repeat(2_400_000)}`;
    const documents = [{ name: "a.pdf", url }];
    const found = estimateOf(
      [thread("gpt-5.2")],
      firstShared,
      { ...prompt("?"), documents },
      models,
    );
    expect(found?.input).toBeGreaterThan(60_000);
  });
});
