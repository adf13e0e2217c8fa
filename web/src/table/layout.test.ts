import { describe, expect, it } from "vitest";

import { layoutShowing, movedBy, orderOf, shownOf } from "./layout";
import { layoutOf, localLayouts } from "./preferences";

const columns = [{ id: "a" }, { id: "b" }, { id: "c", hidden: true }, { id: "d" }];

describe("the order", () => {
  it("is that of the table until someone changes it", () => {
    expect(orderOf(columns)).toEqual(["a", "b", "c", "d"]);
    expect(orderOf(columns, ["d", "a", "b", "c"])).toEqual(["d", "a", "b", "c"]);
  });

  it("takes columns that are new in where they usually stand, and forgets those that are gone", () => {
    expect(orderOf(columns, ["d", "gone", "b", "a", "d"])).toEqual(["d", "b", "c", "a"]);
  });

  it("moves a column by places, and no further than the end", () => {
    expect(movedBy(["a", "b", "c"], "a", 1)).toEqual(["b", "a", "c"]);
    expect(movedBy(["a", "b", "c"], "a", 9)).toEqual(["b", "c", "a"]);
    expect(movedBy(["a", "b", "c"], "b", -9)).toEqual(["b", "a", "c"]);
    expect(movedBy(["a"], "z", 1)).toEqual(["a"]);
  });
});

describe("what is shown", () => {
  it("is what is not hidden, or what was asked for; the first always", () => {
    expect(shownOf(columns, {})).toEqual(["a", "b", "d"]);
    expect(shownOf(columns, { shown: { a: false, b: false, c: true } })).toEqual(["a", "c", "d"]);
  });

  it("can be asked for by an address", () => {
    const layout = layoutShowing(columns, { density: "compact" }, ["d", "c", "gone"]);
    expect(shownOf(columns, layout)).toEqual(["d", "c"]);
    expect(layout.density).toBe("compact");
    expect(layoutShowing(columns, {}, ["gone"])).toEqual({});
  });
});

describe("a saved layout", () => {
  it("comes back as it was", () => {
    const layout = {
      density: "relaxed",
      order: ["b", "a"],
      shown: { c: true },
      widths: { a: 200 },
    };
    localLayouts.write("calls", layoutOf(layout));
    expect(localLayouts.read("calls")).toEqual(layout);
    expect(localLayouts.read("other")).toEqual({});
  });

  it.each([
    null,
    "text",
    [1],
    { density: "huge", order: "a", shown: 1, widths: null },
    { widths: { a: -5, b: "x", c: 1e9 }, order: [1] },
  ])("%j breaks nothing", (saved) => {
    const { density, order = [], widths = {} } = layoutOf(saved);
    expect([density, order, widths]).toEqual([undefined, [], {}]);
  });

  it("that is no JSON counts as none", () => {
    localStorage.setItem("realms.table.calls", "{");
    expect(localLayouts.read("calls")).toEqual({});
  });
});
