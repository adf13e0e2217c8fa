import { describe, expect, it } from "vitest";

import { formatBytes, formatCount, formatExact, formatShare } from "./number";

describe("a count", () => {
  it.each([
    [0, "0"],
    [812, "812"],
    [999, "999"],
    [1_000, "1.00k"],
    [9_994, "9.99k"],
    [12_437, "12.4k"],
    [999_499, "999k"],
    [999_999, "1.00M"],
    [3_100_000, "3.10M"],
    [7_000_000_000, "7.00B"],
    [-12_437, "-12.4k"],
  ])("%d is %s", (count, shown) => {
    expect(formatCount(count)).toBe(shown);
  });

  it("has every figure where it is asked for", () => {
    expect(formatExact(12_437, "en")).toBe("12,437");
  });
});

describe("a share", () => {
  it.each([
    [0, "0%"],
    [1, "100%"],
    [0.5, "50%"],
    [0.992, "99.2%"],
    [0.9999, ">99.9%"],
    [0.0001, "<0.1%"],
  ])("%d is %s", (share, shown) => {
    expect(formatShare(share, "en")).toBe(shown);
  });
});

describe("a size", () => {
  it.each([
    [0, "0 B"],
    [1_023, "1023 B"],
    [4_096, "4.0 KiB"],
    [1_048_575, "1.0 MiB"],
    [5_000_000_000, "4.7 GiB"],
  ])("%d is %s", (bytes, shown) => {
    expect(formatBytes(bytes)).toBe(shown);
  });
});
