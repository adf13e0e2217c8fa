import { expect, it } from "vitest";

import { mostOf } from "./most";
import { draftOf } from "./plan";

const { terms } = draftOf();

it.each([
  ["the tightest window decides", { limit_5h: "6", limit_30d: "100" }, "100"],
  ["a window that is begun counts as a whole", { days: "31", limit_30d: "100" }, "200"],
  ["a week is five hours, 34 times", { days: "7", limit_5h: "6" }, "204"],
  [
    "at list prices it is more where the plan asks less",
    { limit_30d: "7", multiplier: "0.5" },
    "14",
  ],
])("%s", (_, changes, most) => {
  expect(mostOf({ ...terms, ...changes })?.most).toBe(most);
});

it.each([
  ["there is no limit", {}],
  ["a limit is no number", { limit_5h: "6", limit_1d: "x" }],
  ["it lasts no time", { limit_5h: "6", days: "0" }],
  ["nothing would be used", { limit_5h: "6", multiplier: "0" }],
])("says nothing while %s", (_, changes) => {
  expect(mostOf({ ...terms, ...changes })).toBeUndefined();
});
