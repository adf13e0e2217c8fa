import { expect, it } from "vitest";

import { spanOf } from "./span";

it.each([
  [86_400 * 30, 30, "day"],
  [7_200, 2, "hour"],
  [90, 90, "second"],
])("%i seconds are said in the largest unit", (seconds, count, unit) => {
  expect(spanOf(seconds)).toEqual({ count, unit });
});
