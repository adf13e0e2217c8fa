import { describe, expect, it } from "vitest";

import {
  agoChangesIn,
  formatAgo,
  formatClock,
  formatDay,
  formatRecent,
  formatTime,
  formatTimeInFull,
} from "./time";

const now = Date.parse("2026-11-24T10:00:00Z");
const earlier = (seconds: number) => new Date(now - seconds * 1_000).toISOString();

describe("how long ago", () => {
  it.each([
    [0, "now"],
    [12, "12 sec. ago"],
    [185, "3 min. ago"],
    [7_300, "2 hr. ago"],
    [-30, "now"],
  ])("%d seconds: %s", (seconds, shown) => {
    expect(formatAgo(earlier(seconds), now, "en")).toBe(shown);
  });

  it("is said in Chinese too", () => {
    expect(formatAgo(earlier(185), now, "zh-CN")).toBe("3分钟前");
  });

  it("is not said of another day, nor of the future", () => {
    expect(formatAgo(earlier(86_400), now, "en")).toBeUndefined();
    expect(formatAgo(earlier(-120), now, "en")).toBeUndefined();
  });

  it("changes when its figure does", () => {
    expect(agoChangesIn(earlier(12.25), now)).toBe(750);
    expect(agoChangesIn(earlier(185), now)).toBe(55_000);
  });
});

describe("a point in time", () => {
  const time = "2026-03-29T00:59:58Z";

  it("is told in the zone asked for", () => {
    expect(formatTime(time, "en", "UTC")).toBe("29 Mar 2026, 00:59");
    expect(formatTime(time, "en", "Asia/Shanghai")).toBe("29 Mar 2026, 08:59");
    expect(formatTime(time, "zh-CN", "Asia/Shanghai")).toBe("2026年3月29日 08:59");
  });

  it("goes without its year where no other can be meant", () => {
    const now = Date.parse("2026-12-01T00:00:00Z");
    expect(formatRecent(time, now, "en", "UTC")).toBe("29 Mar, 00:59");
    expect(formatRecent(time, now, "zh-CN", "UTC")).toBe("3月29日 00:59");
    const later = Date.parse("2027-03-01T00:00:00Z");
    expect(formatRecent(time, later, "en", "UTC")).toBe("29 Mar 2026, 00:59");
  });

  it("keeps to a summer time that begins in the night", () => {
    expect(formatClock("2026-03-29T00:59:58Z", "en", "Europe/Berlin")).toBe("01:59:58");
    expect(formatClock("2026-03-29T01:00:00Z", "en", "Europe/Berlin")).toBe("03:00:00");
  });

  it("names the zone in full, and the day alone", () => {
    expect(formatTimeInFull(time, "en", "UTC")).toBe("29 Mar 2026, 00:59:58 UTC");
    expect(formatDay(time, "en", "UTC")).toBe("29 Mar 2026");
  });
});
