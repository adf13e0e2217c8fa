import { expect, it } from "vitest";

import { formatCountdown, formatDuration } from "./duration";

it.each([
  [0, "0 ms"],
  [430, "0.4 ms"],
  [9_949, "9.9 ms"],
  [812_000, "812 ms"],
  [999_600, "1.00 s"],
  [3_400_000, "3.40 s"],
  [12_400_000, "12.4 s"],
  [59_960_000, "1 min"],
  [185_000_000, "3 min 5 s"],
  [7_800_000_000, "2 h 10 min"],
  [356_400_000_000, "4 d 3 h"],
])("%d microseconds are %s", (microseconds, shown) => {
  expect(formatDuration(microseconds)).toBe(shown);
});

it.each([
  [-5_000, "0 s"],
  [1, "1 s"],
  [59_001, "1 min"],
  [252_000, "4 min 12 s"],
])("%d milliseconds are left: %s", (milliseconds, shown) => {
  expect(formatCountdown(milliseconds)).toBe(shown);
});
