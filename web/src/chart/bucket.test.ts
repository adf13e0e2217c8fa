import { describe, expect, it } from "vitest";

import { type Buckets, bucketAt, endOf, nameOf, rangeOf, tickNames } from "./bucket";

const hours: Buckets = {
  size: "hour",
  starts: ["2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"],
};
/** Days in Berlin: the second has 23 hours. */
const days: Buckets = {
  size: "day",
  starts: ["2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"],
};

describe("a bucket", () => {
  it("ends where the next begins, the last after its size", () => {
    expect(endOf(days, 1)).toBe(Date.parse("2026-03-29T22:00:00Z") / 1_000);
    expect(endOf(hours, 2)).toBe(Date.parse("2026-03-29T03:00:00Z") / 1_000);
  });

  it("is found by an instant", () => {
    const at = (time: string) => bucketAt(hours, Date.parse(time) / 1_000);
    expect(at("2026-03-29T01:59:59Z")).toBe(1);
    expect(at("2026-03-29T02:00:00Z")).toBe(2);
    expect([at("2020-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z")]).toEqual([0, 2]);
  });

  it("is named in the zone of the reader", () => {
    expect(nameOf(hours, 1, "en", "Europe/Berlin")).toBe("29 Mar, 03:00");
    expect(nameOf(days, 1, "en", "Europe/Berlin")).toBe("29 Mar");
    expect(nameOf(days, 1, "zh-CN", "Europe/Berlin")).toBe("3月29日");
  });
});

it("a range goes from the first bucket to the end of the last, either way", () => {
  const range = { since: "2026-03-29T00:00:00.000Z", until: "2026-03-29T02:00:00.000Z" };
  expect(rangeOf(hours, 0, 1)).toEqual(range);
  expect(rangeOf(hours, 1, 0)).toEqual(range);
  expect(rangeOf(hours, 0, 9)).toBeUndefined();
});

it("ticks name the day at midnight and the time otherwise", () => {
  const seconds = ["2026-03-28T23:00:00Z", "2026-03-29T00:00:00Z"].map(
    (time) => Date.parse(time) / 1e3,
  );
  expect(tickNames(seconds, 3_600, "en", "UTC")).toEqual(["23:00", "29 Mar"]);
  expect(tickNames(seconds, 86_400, "en", "UTC")).toEqual(["28 Mar", "29 Mar"]);
});
