import { describe, expect, it } from "vitest";

import { month } from "./dashboard-fixture";
import { monthOf, standingOf } from "./month";

const now = Date.parse("2026-11-24T12:00:00Z");

describe("a month", () => {
  it("adds its days up exactly and knows none to come", () => {
    const asked = month(24);
    const { spent, buckets } = monthOf(asked, now);
    expect(buckets.starts).toHaveLength(30);
    expect(spent[23]).toBe(Number(asked.sums.cost_usd));
    expect(spent.slice(24)).toEqual([null, null, null, null, null, null]);
  });

  it("foresees from today on, to the last day", () => {
    const { forecast, forecasts, spent } = monthOf(month(24), now);
    expect(forecasts.slice(0, 23).every((one) => one === undefined)).toBe(true);
    expect(forecasts[29]).toBe(forecast);
    const middles = forecasts.slice(23).map((one) => one?.middle ?? 0);
    expect(middles).toEqual([...middles].sort((left, right) => left - right));
    // Six and a half days at the mean of the 23 that are over.
    const mean = (spent[22] ?? 0) / 23;
    expect(forecast?.middle).toBeCloseTo((spent[23] ?? 0) + 6.5 * mean, 6);
  });

  it("counts today's rest by the server's days, even with a wrong clock here", () => {
    const late = monthOf(month(24), Date.parse("2027-03-01T00:00:00Z")).forecast;
    const end = monthOf(month(24), Date.parse("2026-11-25T00:00:00Z")).forecast;
    expect(late).toEqual(end);
  });

  it("says nothing of the end on the third day, and something on the fourth", () => {
    expect(monthOf(month(3), now).forecast).toBeUndefined();
    expect(monthOf(month(4), now).forecast).toBeDefined();
  });

  it("begins where the month of the zone begins", () => {
    const asked = { ...month(24), starts: [...month(24).starts] };
    asked.starts[0] = "2026-10-31T16:00:00.000000Z";
    const { soFar, whole } = monthOf(asked, now);
    expect(soFar).toEqual({
      since: "2026-10-31T16:00:00.000Z",
      until: "2026-11-24T12:01:00.000Z",
    });
    expect(whole).toEqual({
      since: "2026-10-31T16:00:00.000Z",
      until: "2026-11-24T00:00:00.000Z",
    });
  });
});

it("stands to its budget by every digit", () => {
  const forecast = { low: 40, middle: 50, high: 60 };
  expect(standingOf("30.000000001", forecast, "30")).toBe("passed");
  expect(standingOf("30", forecast, "30")).toBe("will_pass");
  expect(standingOf("30", undefined, "30")).toBe("within");
  expect(standingOf("30", forecast, "50")).toBe("within");
});
