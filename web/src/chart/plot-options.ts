import uPlot from "uplot";

import { type Buckets, bucketAt, endOf, secondsOf, tickNames } from "./bucket";
import type { ColourName } from "./colour";
import { type Series, stacked } from "./series";

/** What is drawn. */
export interface Drawing {
  readonly kind: "bars" | "lines";
  readonly buckets: Buckets;
  readonly series: readonly Series[];
  readonly colours: ReadonlyMap<string, ColourName>;
  /** The same stretch before, bucket for bucket, as one dashed line. */
  readonly before: readonly (number | null)[] | undefined;
  /** The keys of two lines, the lower first: what lies between them is filled. */
  readonly band?: readonly [string, string] | undefined;
  readonly isLastIncomplete: boolean;
  readonly isWhole: boolean;
  readonly format: (value: number) => string;
  readonly language: string;
  readonly zone: string | undefined;
}

/** The columns of the plot: time, then what is drawn, the hindmost first. */
export function dataOf(drawing: Drawing): uPlot.AlignedData {
  const { kind, buckets, series, before, isLastIncomplete } = drawing;
  const columns: (number | null)[][] = [];
  if (kind === "bars") columns.push(...stacked(series).reverse());
  else {
    for (const { values } of series) {
      const last = values.length - 1;
      columns.push(isLastIncomplete ? values.with(last, null) : [...values]);
      if (isLastIncomplete)
        columns.push(values.map((value, at) => (at >= last - 1 ? value : null)));
    }
  }
  if (before) columns.push([...before]);
  return [secondsOf(buckets), ...columns];
}

/** How it is drawn. `drawing` is asked again and again, so that new values need no new plot. */
export function optionsOf(
  drawing: () => Drawing,
  colour: (token: string) => string,
  font: string,
  size: { width: number; height: number },
): Omit<uPlot.Options, "hooks"> & { hooks: uPlot.Hooks.Arrays } {
  const { kind, series, colours, before, isLastIncomplete, isWhole } = drawing();
  const colourOf = (one: Series) => colour(colours.get(one.key) ?? "chart-8");
  const hatch = new Hatch(() => drawing().buckets.starts.length - 1, colour("surface"));
  const lines: uPlot.Series[] =
    kind === "bars"
      ? [...series].reverse().map((one, at) => ({
          fill: colourOf(one),
          width: 0,
          points: { show: false },
          paths: bars(at === 0 && isLastIncomplete ? hatch : undefined),
        }))
      : series.flatMap((one) => {
          const line = {
            stroke: colourOf(one),
            width: 1.75,
            points: lonely,
            ...(one.isDashed && { dash: [4, 4] }),
          };
          return isLastIncomplete ? [line, { ...line, dash: [4, 4] }] : [line];
        });
  if (before) {
    lines.push({
      stroke: colour("fg"),
      width: 1.25,
      dash: [2, 3],
      points: { show: false },
      ...(kind === "bars" && { paths: steps() }),
    });
  }
  const axis = {
    stroke: colour("fg-3"),
    font,
    ticks: { show: false },
    grid: { stroke: colour("line"), width: 1 },
  };
  return {
    ...size,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: kind === "lines", size: 7 },
      drag: { x: true, y: false, setScale: false },
    },
    tzDate: (seconds) => {
      const { zone } = drawing();
      const date = new Date(seconds * 1_000);
      return zone === undefined ? date : uPlot.tzDate(date, zone);
    },
    scales: {
      x: {
        range: () => {
          const { buckets } = drawing();
          const last = buckets.starts.length - 1;
          const [first = 0] = secondsOf({ ...buckets, starts: buckets.starts.slice(0, 1) });
          return [first, endOf(buckets, last)];
        },
      },
      y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        gap: 6,
        space: 64,
        // The end of the last bucket begins none, and there is no room for its name.
        values: (plot, splits, _, __, step) =>
          tickNames(splits, step, drawing().language, drawing().zone).map((name, at) =>
            (splits[at] ?? 0) < (plot.scales.x?.max ?? Number.POSITIVE_INFINITY) ? name : "",
          ),
      },
      {
        ...axis,
        size: (_, values) => 18 + 6.6 * Math.max(2, ...(values ?? []).map((text) => text.length)),
        gap: 6,
        space: Math.max(28, (size.height - 40) / 5),
        ...(isWhole && { incrs: wholeSteps }),
        values: (_, splits) => splits.map((value) => drawing().format(value)),
      },
    ],
    series: [{}, ...lines],
    bands: bandOf(drawing(), colour("chart-band")),
    hooks: { draw: [(plot) => hatch.draw(plot)] },
  };
}

/** The stretch between two lines, as long as both are drawn. */
function bandOf({ kind, series, band, isLastIncomplete }: Drawing, fill: string): uPlot.Band[] {
  if (kind !== "lines" || !band) return [];
  const [low, high] = band.map((key) => series.findIndex((one) => one.key === key));
  if (low === undefined || high === undefined || low < 0 || high < 0) return [];
  const column = (at: number) => 1 + at * (isLastIncomplete ? 2 : 1);
  return [{ series: [column(high), column(low)], fill }];
}

/** A line of one point is no line: a value without neighbours is drawn as a dot. */
const lonely: uPlot.Series.Points = {
  show: true,
  size: 5,
  filter: (plot, at) => lonelyAt(plot.data[at] ?? []),
};

/** Where a value stands between two gaps. */
export function lonelyAt(values: ArrayLike<number | null | undefined>): number[] {
  return Array.from(values).flatMap((value, at, all) =>
    value != null && all[at - 1] == null && all[at + 1] == null ? [at] : [],
  );
}

/** The bucket under a place on the plot. */
export function bucketUnder(plot: uPlot, left: number, { kind, buckets }: Drawing): number {
  if (kind === "bars") return bucketAt(buckets, plot.posToVal(left, "x"));
  return plot.posToIdx(left);
}

const wholeSteps = Array.from({ length: 12 }, (_, power) =>
  [1, 2, 5].map((digit) => digit * 10 ** power),
).flat();

const bars = (hatch: Hatch | undefined) => {
  const build = uPlot.paths.bars;
  if (!build) throw new Error("the plotting library has no bars");
  return build({
    align: 1,
    size: [0.86, 64],
    each: (_plot, _series, at, left, top, width, height) =>
      hatch?.seen(at, { left, top, width, height }),
  });
};

function steps(): uPlot.Series.PathBuilder {
  const build = uPlot.paths.stepped;
  if (!build) throw new Error("the plotting library has no steps");
  return build({ align: 1 });
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Stripes over the last bar, which is not over yet. */
class Hatch {
  #box: Box | undefined;

  constructor(
    private readonly last: () => number,
    private readonly colour: string,
  ) {}

  seen(at: number, box: Box): void {
    if (at === this.last()) this.#box = box;
  }

  draw({ ctx }: uPlot): void {
    const box = this.#box;
    if (!box || box.height <= 0) return;
    const step = 6 * devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.left, box.top, box.width, box.height);
    ctx.clip();
    ctx.beginPath();
    for (let x = box.left - box.height; x < box.left + box.width; x += step) {
      ctx.moveTo(x, box.top + box.height);
      ctx.lineTo(x + box.height, box.top);
    }
    ctx.lineWidth = 1.25 * devicePixelRatio;
    ctx.strokeStyle = this.colour;
    ctx.stroke();
    ctx.restore();
  }
}
