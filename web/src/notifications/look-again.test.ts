import { expect, it } from "vitest";

import { lookAgainIn } from "./look-again";

const now = Date.parse("2026-11-24T10:00:00Z");
const waiting = (seconds: number) => ({
  state: "waiting" as const,
  next_at: new Date(now + seconds * 1_000).toISOString(),
});

it.each([
  ["nothing waits", [{ state: "sent" as const }, { state: "failed" as const }], undefined],
  ["one is tried now", [waiting(-3)], 5_000],
  ["nobody knows when", [{ state: "waiting" as const }], 5_000],
  ["the first of two is tried in a minute", [waiting(90), waiting(60)], 61_000],
  ["it is long until then", [waiting(7_200)], 600_000],
])("where %s", (_, items, wait) => {
  expect(lookAgainIn(items, now)).toBe(wait);
});
