import { expect, it } from "vitest";

import { amountMistake, amountOf } from "./amount";

it.each([
  ["0.5", "0.5"],
  [" 12 ", "12"],
  ["0.000000001", "0.000000001"],
  ["-1", undefined],
  ["+1", undefined],
  ["1e3", undefined],
  ["0.0000000001", undefined],
  ["", undefined],
])("%j is the amount %j", (text, amount) => {
  expect(amountOf(text)).toBe(amount);
});

it.each([
  ["one", "form"],
  ["0", "nothing"],
  ["0.00", "nothing"],
  ["1125.000011", "too_much"],
  ["1125.00001", undefined],
  ["0.000000001", undefined],
])("of %j, where 1125.00001 would have been charged, %j is wrong", (text, mistake) => {
  expect(amountMistake(text, "1125.00001")).toBe(mistake);
});
