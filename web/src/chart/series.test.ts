import { describe, expect, it } from "vitest";

import { coloursOf } from "./colour";
import { otherKey, rankedAt, type Series, stacked, topSeries } from "./series";

const one = (key: string, ...values: (number | null)[]): Series => ({ key, label: key, values });

describe("the largest", () => {
  it("are seven, in falling order, and the rest is one", () => {
    const series = Array.from({ length: 10 }, (_, at) => one(`m${at}`, at, null));
    const top = topSeries(series, "Other");
    expect(top.map(({ key }) => key)).toEqual([
      ...["m9", "m8", "m7", "m6", "m5", "m4", "m3"],
      otherKey,
    ]);
    expect(top.at(-1)).toEqual({ key: otherKey, label: "Other", values: [3, null] });
  });

  it("are all there are, if there are few", () => {
    expect(topSeries([one("a", 1), one("b", 2)], "Other").map(({ key }) => key)).toEqual([
      "b",
      "a",
    ]);
    expect(topSeries([], "Other")).toEqual([]);
  });
});

describe("a stack", () => {
  it("adds up, and keeps a gap where nothing is known", () => {
    expect(stacked([one("a", 1, null, 2), one("b", 3, null, null)])).toEqual([
      [1, null, 2],
      [4, null, 2],
    ]);
  });

  it("is ranked by value in one bucket", () => {
    const series = [one("a", 1), one("b", 3), one("c", null)];
    expect(rankedAt(series, 0).map(({ series: { key }, value }) => [key, value])).toEqual([
      ["b", 3],
      ["a", 1],
    ]);
  });
});

describe("colours", () => {
  const names = ["gpt-5.2", "claude-opus-5", "claude-sonnet-5", "gemini-3-pro", "o5", "x", "y"];

  it("are never one twice among seven", () => {
    const colours = coloursOf(names.map((key) => ({ key })));
    expect(new Set(colours.values()).size).toBe(7);
  });

  it("stay with a key that stands alone or first", () => {
    const alone = coloursOf([{ key: "gpt-5.2" }]).get("gpt-5.2");
    expect(coloursOf(names.map((key) => ({ key }))).get("gpt-5.2")).toBe(alone);
  });

  it("of states are not those of series, and the rest is grey", () => {
    const colours = coloursOf([
      { key: "ok", tone: "ok" },
      { key: "client_gone", tone: "none" },
      { key: otherKey },
      { key: "a" },
    ]);
    expect(colours.get("ok")).toBe("ok");
    expect(colours.get("client_gone")).toBe("chart-8");
    expect(colours.get(otherKey)).toBe("chart-8");
    expect(colours.get("a")).toMatch(/^chart-[1-7]$/);
  });
});
