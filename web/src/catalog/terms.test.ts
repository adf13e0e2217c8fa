import { describe, expect, it } from "vitest";

import type { PriceTerms } from "@/api/types";
import { modelSchema } from "./model-schema";
import { priceDraftOf } from "./price";
import { hasTerms, type TermsDraft, termsDraftOf, termsOf, tierAt } from "./terms";

const all: PriceTerms = {
  reasoning: "40",
  request: "0.01",
  tiers: [
    { above: 200_000, input: "4", output: "15" },
    { above: 400_000, cache_write_1h: "12" },
  ],
  lanes: { flex: "0.500000", priority: "2" },
};

describe("the terms of a price", () => {
  it("come back as they were, but for zeros at the end of multipliers", () => {
    expect(termsOf(termsDraftOf(all))).toEqual({ ...all, lanes: { flex: "0.5", priority: "2" } });
    expect(termsOf(termsDraftOf())).toEqual({});
    expect(hasTerms(termsDraftOf())).toBe(false);
    expect(hasTerms(termsDraftOf({ tool_call: "0.01" }))).toBe(true);
  });

  it("know the tier of a prompt: the last whose threshold it exceeds", () => {
    const draft = termsDraftOf(all);
    expect(tierAt(draft, 200_000)).toBeUndefined();
    expect(tierAt(draft, 200_001)?.input).toBe("4");
    expect(tierAt(draft, 500_000)?.cache_write_1h).toBe("12");
  });
});

describe("what the form takes", () => {
  const mistakes = (change: Partial<TermsDraft>, price = { input: "1", output: "2" }) => {
    const draft = {
      name: "m",
      owner: "",
      enabled: true,
      price_pinned: false,
      pin: null,
      ...priceDraftOf({ input_usd_per_1m: price.input, output_usd_per_1m: price.output }),
      terms: { ...termsDraftOf(all), ...change },
    };
    const { error } = modelSchema.safeParse(draft);
    return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
  };
  const [tier] = termsDraftOf(all).tiers;
  const tierOf = (above: string, input = "4") => ({
    ...termsDraftOf({ tiers: [{ above: 1, input }] }).tiers[0],
    above,
  });

  it("is what is there", () => {
    expect(tier).toBeDefined();
    expect(mistakes({})).toEqual([]);
  });

  it("are tiers that rise, each with a price", () => {
    const tiers = [
      tierOf("200"),
      tierOf("200"),
      tierOf("0"),
      tierOf("900", ""),
    ] as TermsDraft["tiers"];
    expect(mistakes({ tiers })).toEqual(expect.arrayContaining(["terms.tiers.2.above: tokens"]));
    expect(mistakes({ tiers: [tierOf("200"), tierOf("200")] as TermsDraft["tiers"] })).toEqual([
      "terms.tiers.1.above: tier_order",
    ]);
    expect(mistakes({ tiers: [tierOf("200", "")] as TermsDraft["tiers"] })).toEqual([
      "terms.tiers.0.input: tier_empty",
    ]);
  });

  it("are lanes by the names of vendors, each once, with a multiplier", () => {
    const lane = (name: string, multiplier = "2") => ({ name, multiplier });
    expect(mistakes({ lanes: [lane("Fast Lane")] })).toEqual(["terms.lanes.0.name: lane_name"]);
    expect(mistakes({ lanes: [lane("flex", "")] })).toEqual([
      "terms.lanes.0.multiplier: multiplier",
    ]);
    expect(mistakes({ lanes: [lane("flex"), lane("flex")] })).toEqual([
      "terms.lanes.1.name: lane_twice",
    ]);
  });

  it("is nothing special without a price", () => {
    expect(mistakes({}, { input: "", output: "" })).toEqual([
      "input_usd_per_1m: price_half",
      "output_usd_per_1m: price_half",
    ]);
  });
});
