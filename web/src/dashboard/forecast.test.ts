import { describe, expect, it } from "vitest";

import { forecastOf } from "./forecast";

const widthOf = (forecast: ReturnType<typeof forecastOf>) =>
  (forecast?.high ?? 0) - (forecast?.low ?? 0);

describe("a forecast", () => {
  it("is not made from fewer than three whole days", () => {
    expect(forecastOf({ days: [], today: 5, daysLeft: 30 })).toBeUndefined();
    expect(forecastOf({ days: [4, 6], today: 5, daysLeft: 28 })).toBeUndefined();
    expect(forecastOf({ days: [4, 6, 5], today: 5, daysLeft: 27 })).toBeDefined();
  });

  it("goes on as the days went, without a doubt where they are all the same", () => {
    expect(forecastOf({ days: [2, 2, 2, 2], today: 1, daysLeft: 10.5 })).toEqual({
      low: 30,
      middle: 30,
      high: 30,
    });
  });

  it("counts idle days", () => {
    expect(forecastOf({ days: [6, 0, 0], today: 0, daysLeft: 10 })?.middle).toBe(26);
    expect(forecastOf({ days: [0, 0, 0], today: 0, daysLeft: 10 })).toEqual({
      low: 0,
      middle: 0,
      high: 0,
    });
  });

  it("has a band that holds the middle and never less than what is spent", () => {
    const wild = forecastOf({ days: [30, 0, 0], today: 1, daysLeft: 20 });
    expect(wild?.low).toBe(31);
    expect(wild?.middle).toBe(231);
    expect(wild?.high).toBeGreaterThan(231);
  });

  it("is surer with more days known, and with fewer to come", () => {
    const few = forecastOf({ days: [4, 6, 5], today: 0, daysLeft: 10 });
    const many = forecastOf({ days: [4, 6, 5, 4, 6, 5, 4, 6, 5], today: 0, daysLeft: 10 });
    const soon = forecastOf({ days: [4, 6, 5], today: 0, daysLeft: 2 });
    expect(widthOf(many)).toBeLessThan(widthOf(few));
    expect(widthOf(soon)).toBeLessThan(widthOf(few));
    // t(0.9, 2) = 1.886, s = 1, sqrt(2 + 4 / 3) = 1.826: 3.44 to each side.
    expect(widthOf(soon) / 2).toBeCloseTo(3.38, 1);
  });

  it("is what is spent when the month is over", () => {
    const over = { low: 16, middle: 16, high: 16 };
    expect(forecastOf({ days: [4, 6, 5], today: 1, daysLeft: 0 })).toEqual(over);
    expect(forecastOf({ days: [4, 6, 5], today: 1, daysLeft: -3 })).toEqual(over);
  });
});
