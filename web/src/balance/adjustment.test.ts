import { describe, expect, it } from "vitest";

import { amountMistake, amountOf, isTooMuch, newKey } from "./adjustment";

describe("an amount", () => {
  it.each([
    ["25", "25"],
    [" +25.50 ", "25.50"],
    ["-2.5", "-2.5"],
    ["−2.5", "-2.5"],
    ["0.000000001", "0.000000001"],
    ["0.0000000001", undefined],
    ["--1", undefined],
    ["1,5", undefined],
    ["1e3", undefined],
    ["", undefined],
  ])("%j is %j", (text, amount) => {
    expect(amountOf(text)).toBe(amount);
  });

  it.each([
    ["", "form"],
    ["ten", "form"],
    ["0", "nothing"],
    ["-0.00", "nothing"],
    ["10000000", undefined],
    ["-10000000.000000001", "too_much"],
  ])("%j has the mistake %j", (text, mistake) => {
    expect(amountMistake(text)).toBe(mistake);
  });

  it("takes no more than there is", () => {
    expect(isTooMuch("-10", "10")).toBe(false);
    expect(isTooMuch("-10.000000001", "10")).toBe(true);
    expect(isTooMuch("-0.01", "-5")).toBe(true);
    expect(isTooMuch("1", "-5")).toBe(false);
  });
});

it("each form has a key of its own, without spaces", () => {
  expect(newKey()).toMatch(/^[0-9a-f]{32}$/);
  expect(newKey()).not.toBe(newKey());
});
