import { expect, it } from "vitest";

import { urgencyOf, waitedText } from "./waiting";

const minute = 60_000;
const hour = 60 * minute;

it.each([
  [0, "calm", undefined],
  [minute - 1, "calm", undefined],
  [61_000, "calm", "1 min"],
  [4 * hour - 1, "calm", "3 h 59 min"],
  [4 * hour, "late", "4 h"],
  [24 * hour - 1, "late", "23 h 59 min"],
  [24 * hour, "very_late", "1 d"],
  [51 * hour, "very_late", "2 d 3 h"],
])("after %i ms it is %s, %s", (waited, urgency, text) => {
  expect(urgencyOf(waited)).toBe(urgency);
  expect(waitedText(waited)).toBe(text);
});
