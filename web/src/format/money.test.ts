import { describe, expect, it } from "vitest";

import { addUsd, compareUsd, formatUsd, formatUsdInFull, nanoOf, usdOf } from "./money";

describe("an amount", () => {
  it.each([
    ["0", "$0.00"],
    ["0.00", "$0.00"],
    ["1", "$1.00"],
    ["1234.5678", "$1,234.57"],
    ["0.9999", "$0.9999"],
    ["0.0132", "$0.0132"],
    ["0.01", "$0.0100"],
    ["0.0099", "$0.009900"],
    ["0.000001", "$0.000001"],
    ["0.000000999", "<$0.000001"],
    ["-0.5", "-$0.5000"],
    ["-0.000000001", ">-$0.000001"],
    ["9007199254740993.01", "$9,007,199,254,740,993.01"],
  ])("%s is shown as %s", (usd, shown) => {
    expect(formatUsd(usd, "en")).toBe(shown);
  });

  it("is shown in full with every digit", () => {
    expect(formatUsdInFull("0.000000001", "en")).toBe("$0.000000001");
    expect(formatUsdInFull("12.5", "zh-CN")).toBe("$12.50");
  });

  it.each(["", "abc", "1e5", "1.", ".5", "NaN"])("%j is refused", (text) => {
    expect(() => nanoOf(text)).toThrow(RangeError);
  });
});

describe("amounts", () => {
  it("add up without noise", () => {
    expect(addUsd("0.1", "0.2")).toBe("0.3");
    expect(addUsd()).toBe("0");
    expect(addUsd("-1.000000001", "1")).toBe("-0.000000001");
  });

  it("survive the way there and back", () => {
    let seed = 7n;
    for (let round = 0; round < 500; round += 1) {
      seed = (seed * 6364136223846793005n + 1442695040888963407n) % 2n ** 63n;
      const nano = seed - 2n ** 62n;
      expect(nanoOf(usdOf(nano))).toBe(nano);
    }
  });

  it("compare by size, not by letters", () => {
    expect(["10", "9", "-2", "0.5"].sort(compareUsd)).toEqual(["-2", "0.5", "9", "10"]);
  });
});
