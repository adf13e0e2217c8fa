import { expect, it } from "vitest";

import { boundsOf, parseRange, printRange } from "./range";

it.each(["1h", "24h", "7d", "30d", "2026-11-01T00:00:00.000Z~2026-11-02T00:00:00.000Z"])(
  "%s reads and prints the same",
  (text) => {
    const range = parseRange(text);
    expect(range && printRange(range)).toBe(text);
  },
);

it.each([
  "",
  "2h",
  "2026-11-02T00:00:00Z~2026-11-01T00:00:00Z",
  "2026-11-01T00:00:00Z",
  "x~y",
  "1~2",
])("%j is no range", (text) => {
  expect(parseRange(text)).toBeUndefined();
});

it("a span begins on a whole minute and has no end", () => {
  const now = Date.parse("2026-11-24T10:00:59.900Z");
  expect(boundsOf({ last: "24h" }, now)).toEqual({ since: "2026-11-23T10:00:00.000Z" });
  expect(boundsOf({ last: "1h" }, now)).toEqual(boundsOf({ last: "1h" }, now - 59_000));
});

it("two instants are what they are, in UTC", () => {
  const range = parseRange("2026-11-01T08:00:00+08:00~2026-11-02T00:00:00Z");
  expect(range && boundsOf(range, 0)).toEqual({
    since: "2026-11-01T00:00:00.000Z",
    until: "2026-11-02T00:00:00.000Z",
  });
});
