import { describe, expect, it } from "vitest";

import { exampleCost, leapOf, priceDraftOf, shareOf } from "./price";
import { termsDraftOf } from "./terms";

const draft = (input: string, output: string, cached = "") =>
  priceDraftOf({
    input_usd_per_1m: input,
    output_usd_per_1m: output,
    cache_read_usd_per_1m: cached,
  });

describe("the example", () => {
  it("adds up fresh input, what is read from a cache, and output", () => {
    expect(exampleCost(draft("1.25", "10", "0.125"))).toBe("0.026");
    expect(exampleCost(draft("5", "25", "0.5"))).toBe("0.089");
  });

  it("takes the price of input for what a cache gives without a price of its own", () => {
    expect(exampleCost(draft("1.25", "10"))).toBe("0.035");
  });

  it("knows nothing of half a price, or of what is none", () => {
    expect(exampleCost(draft("1.25", ""))).toBeUndefined();
    expect(exampleCost(draft("1,25", "10"))).toBeUndefined();
    expect(exampleCost(draft("1.25", "10", "x"))).toBeUndefined();
  });

  it("rounds each line to the billionth, halves to even", () => {
    expect(exampleCost(draft("0.000000001", "0"))).toBe("0");
    expect(exampleCost(draft("0", "0.0000005"))).toBe("0");
    expect(exampleCost(draft("0", "0.0000015"))).toBe("0.000000002");
  });
});

describe("the example at special prices", () => {
  it("is charged at the tier its prompt of 20,000 tokens falls into, and for the call itself", () => {
    const base = draft("1", "10", "0.1");
    const tiers = [{ above: 19_999, input: "2" }];
    // 12,000 × 2 + 8,000 × 0.1 + 1,000 × 10
    expect(exampleCost(base, termsDraftOf({ tiers }))).toBe("0.0348");
    expect(exampleCost(base, termsDraftOf({ tiers: [{ above: 20_000, input: "2" }] }))).toBe(
      "0.0228",
    );
    expect(exampleCost(base, termsDraftOf({ request: "0.01" }))).toBe("0.0328");
    expect(exampleCost(base, termsDraftOf({ request: "x" }))).toBeUndefined();
  });
});

describe("a change", () => {
  it.each([
    ["1", "10", undefined],
    ["1", "10.01", { kind: "more", times: 10 }],
    ["0.1", "1.25", { kind: "more", times: 12.5 }],
    ["12.5", "1.25", undefined],
    ["125", "1.25", { kind: "less", times: 100 }],
    ["1.25", "0", { kind: "free" }],
    ["0", "1.25", undefined],
    ["", "1.25", undefined],
    ["1.25", "", undefined],
    ["1.25", "abc", undefined],
  ])("from %s to %s is told as %o", (before, after, leap) => {
    expect(leapOf(before, after)).toEqual(leap);
  });

  it("is a share of what it was", () => {
    expect(shareOf("1.25", "1.75")).toBe(0.4);
    expect(shareOf("10", "9")).toBe(-0.1);
    expect(shareOf("0", "9")).toBeUndefined();
    expect(shareOf(undefined, "9")).toBeUndefined();
  });
});
