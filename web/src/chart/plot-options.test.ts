import { beforeAll, describe, expect, it, vi } from "vitest";

import type { Drawing } from "./plot-options";

// The plotting library asks for the screen's resolution as soon as it is loaded.
let plot: typeof import("./plot-options");
beforeAll(async () => {
  vi.stubGlobal("matchMedia", () => ({ addEventListener: () => undefined, matches: false }));
  plot = await import("./plot-options");
});

const drawing: Drawing = {
  kind: "bars",
  buckets: {
    size: "hour",
    starts: ["2026-11-24T08:00:00Z", "2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z"],
  },
  series: [
    { key: "a", label: "a", values: [1, null, 2] },
    { key: "b", label: "b", values: [3, null, 4] },
  ],
  colours: new Map([
    ["a", "chart-1"],
    ["b", "chart-2"],
  ]),
  before: undefined,
  isLastIncomplete: false,
  isWhole: true,
  format: String,
  language: "en",
  zone: "UTC",
};
const eight = Date.parse("2026-11-24T08:00:00Z") / 1_000;
const times = [eight, eight + 3_600, eight + 7_200];
const options = (change: Partial<Drawing> = {}) =>
  plot.optionsOf(
    () => ({ ...drawing, ...change }),
    (token) => `<${token}>`,
    "12px x",
    { width: 600, height: 180 },
  );

describe("a band", () => {
  const lines = { kind: "lines", band: ["b", "a"] } as const;

  it("is what lies between two lines, the upper first", () => {
    expect(options(lines).bands).toEqual([{ series: [1, 2], fill: "<chart-band>" }]);
    expect(options({ ...lines, isLastIncomplete: true }).bands).toEqual([
      { series: [1, 3], fill: "<chart-band>" },
    ]);
  });

  it("is not there while one of them is not", () => {
    expect(options({ ...lines, series: drawing.series.slice(1) }).bands).toEqual([]);
    expect(options({ ...lines, kind: "bars" }).bands).toEqual([]);
    expect(options().bands).toEqual([]);
  });
});

describe("bars", () => {
  it("are stacks, the tallest at the back, and a gap stays one", () => {
    expect(plot.dataOf(drawing)).toEqual([times, [4, null, 6], [1, null, 2]]);
    expect(options().series.map(({ fill }) => fill)).toEqual([undefined, "<chart-2>", "<chart-1>"]);
  });

  it("reach to the end of the last bucket, and up from zero", () => {
    const { x, y } = options().scales ?? {};
    const range = (scale: typeof x, ...numbers: number[]) => {
      const ask = scale?.range;
      return typeof ask === "function"
        ? Reflect.apply(ask, undefined, [undefined, ...numbers])
        : [];
    };
    expect(range(x)).toEqual([eight, eight + 3 * 3_600]);
    expect(range(y, 5, 100)).toEqual([0, 108]);
    expect(range(y, 0, 0)).toEqual([0, 1]);
  });

  it("have what was before as a line over them", () => {
    const before = [1, 1, 1];
    expect(plot.dataOf({ ...drawing, before }).at(-1)).toEqual(before);
    expect(options({ before }).series.at(-1)).toMatchObject({ stroke: "<fg>", dash: [2, 3] });
  });
});

describe("lines", () => {
  it("stand each for itself", () => {
    expect(plot.dataOf({ ...drawing, kind: "lines" })).toEqual([times, [1, null, 2], [3, null, 4]]);
  });

  it("end dashed where the last bucket is not over", () => {
    const series = [{ key: "a", label: "a", values: [1, 5, 2] }];
    const change = { kind: "lines", series, isLastIncomplete: true } as const;
    expect(plot.dataOf({ ...drawing, ...change })).toEqual([times, [1, 5, null], [null, 5, 2]]);
    expect(options(change).series.map(({ dash }) => dash)).toEqual([undefined, undefined, [4, 4]]);
  });
});

describe("a line", () => {
  it("has dots only where a value has no neighbour to be joined to", () => {
    expect(plot.lonelyAt([1, null, 2, 3, null, 4])).toEqual([0, 5]);
    expect(plot.lonelyAt([null, 7, null])).toEqual([1]);
    expect(plot.lonelyAt([1, 2])).toEqual([]);
  });
});
