import { describe, expect, it } from "vitest";

import { instantOf, wallOf } from "./zone-time";

describe("the clock on the wall", () => {
  it.each([
    ["2026-11-24T10:00:00.000Z", "UTC", "2026-11-24T10:00"],
    ["2026-11-24T16:30:00.000Z", "Asia/Shanghai", "2026-11-25T00:30"],
    ["2026-03-29T01:00:00.000Z", "Europe/Berlin", "2026-03-29T03:00"],
    ["2026-03-29T00:59:00.000Z", "Europe/Berlin", "2026-03-29T01:59"],
    ["2026-07-01T12:00:00.000Z", "America/St_Johns", "2026-07-01T09:30"],
  ])("%s in %s is %s, and back", (instant, zone, wall) => {
    expect(wallOf(instant, zone)).toBe(wall);
    expect(instantOf(wall, zone)).toBe(instant);
  });

  it("takes the first of an hour that comes twice", () => {
    expect(instantOf("2026-10-25T02:30", "Europe/Berlin")).toBe("2026-10-25T00:30:00.000Z");
  });

  it("takes the hour after one that is left out", () => {
    expect(instantOf("2026-03-29T02:30", "Europe/Berlin")).toBe("2026-03-29T01:30:00.000Z");
  });

  it.each(["", "2026-11-24", "2026-13-01T00:00", "yesterday"])("%j is none", (text) => {
    expect(instantOf(text, "UTC")).toBeUndefined();
  });
});
