import { expect, it } from "vitest";

import { safeReturn } from "./session";

it.each([
  ["/usage?t=24h#x", "/usage?t=24h#x"],
  ["/", "/"],
  ["//evil.example", undefined],
  ["/\\evil.example", undefined],
  ["/\t/evil.example", undefined],
  ["https://evil.example", undefined],
  ["javascript:alert(1)", undefined],
  ["/login?return_to=/x", undefined],
  [undefined, undefined],
])("after signing in, %j leads to %j", (target, place) => {
  expect(safeReturn(target)).toBe(place);
});
