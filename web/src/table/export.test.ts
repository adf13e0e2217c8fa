import { expect, it } from "vitest";

import { exportPath } from "./export";

it("the file holds what the page shows", () => {
  const now = Date.parse("2026-11-24T10:00:30Z");
  const path = exportPath(
    "/api/usage/export",
    { q: "a&b", filter: 'key:"my laptop"', sort: "-cost", range: { last: "24h" } },
    "csv",
    now,
    "Asia/Shanghai",
  );
  const [base, query] = path.split("?");
  expect(base).toBe("/api/usage/export");
  expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
    q: "a&b",
    filter: 'key:"my laptop"',
    sort: "-cost",
    since: "2026-11-23T10:00:00.000Z",
    format: "csv",
    tz: "Asia/Shanghai",
  });
});

it("what does not narrow the list is left out", () => {
  const state = { q: "", filter: "", sort: undefined, range: undefined };
  expect(exportPath("/api/tokens/export", state, "jsonl", 0)).toBe(
    "/api/tokens/export?format=jsonl",
  );
});
