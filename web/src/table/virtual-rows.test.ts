import { expect, it } from "vitest";

import { withRoom } from "./virtual-rows";

it("room stands for every row that is left out, and no other", () => {
  const slices = withRoom([3, 10, 11], 100, 36);
  expect(slices).toEqual([
    { kind: "room", key: "room-0", height: 3 * 36 },
    { kind: "row", index: 3 },
    { kind: "room", key: "room-2", height: 6 * 36 },
    { kind: "row", index: 10 },
    { kind: "row", index: 11 },
    { kind: "room", key: "room-5", height: 88 * 36 },
  ]);
  expect(withRoom([0, 1], 2, 36)).toHaveLength(2);
  expect(withRoom([], 5, 36)).toEqual([{ kind: "room", key: "room-0", height: 180 }]);
});
