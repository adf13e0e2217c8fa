import { describe, expect, it } from "vitest";

import { thresholdMistake, thresholdOf, thresholdText } from "./threshold";

describe("a threshold", () => {
  it.each([
    ["usd_cents", 100, "1"],
    ["usd_cents", 150, "1.50"],
    ["usd_cents", 5, "0.05"],
    ["percent", 80, "80"],
    ["days", 3, "3"],
  ] as const)("in %s of %d is shown as %s, and read as it was", (unit, value, text) => {
    expect(thresholdText(unit, value)).toBe(text);
    expect(thresholdOf(unit, text)).toBe(value);
  });

  it.each([
    ["usd_cents", " 2.5 ", 250],
    ["usd_cents", "0.1", 10],
    ["usd_cents", "1.234", undefined],
    ["usd_cents", "-1", undefined],
    ["usd_cents", "", undefined],
    ["percent", "12.5", undefined],
    ["times", "1e3", undefined],
  ] as const)("in %s as typed, %j, is %s", (unit, text, value) => {
    expect(thresholdOf(unit, text)).toBe(value);
  });

  it.each([
    ["usd_cents", "0", "at_least:0.10"],
    ["usd_cents", "0.10", undefined],
    ["usd_cents", "5.01", "at_most:5"],
    ["usd_cents", "x", "price"],
    ["percent", "9", "at_least:10"],
    ["percent", "501", "at_most:500"],
    ["percent", "x", "number"],
  ] as const)("in %s is held to its bounds: %s", (unit, text, mistake) => {
    expect(thresholdMistake({ unit, value: 20, default: 20, min: 10, max: 500 }, text)).toBe(
      mistake,
    );
  });
});
