/** What is drawn over time, and which of it when there is too much. */

/** A measure per bucket; `null` where nothing is known, which is drawn as a gap and not as zero. */
export interface Series {
  /** What stays the same on every page: the id of the model, key or channel. Colours follow it. */
  readonly key: string;
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** States have their own colours, never those of series. */
  readonly tone?: Tone;
  /** As a line: not measured, but foreseen. */
  readonly isDashed?: boolean;
}

export type Tone = "ok" | "warn" | "err" | "info" | "none";

/** The key of what is left over; drawn in the last colour. */
export const otherKey = "\u0000other";

const most = 7;

/** The seven largest in falling order, and the rest as one. */
export function topSeries(series: readonly Series[], otherLabel: string): Series[] {
  const sorted = [...series].sort((left, right) => sumOf(right.values) - sumOf(left.values));
  if (sorted.length <= most) return sorted;
  const rest = sorted.slice(most);
  const values = (rest[0]?.values ?? []).map((_, at) => sumAt(rest, at));
  return [...sorted.slice(0, most), { key: otherKey, label: otherLabel, values }];
}

/** The sum of what is known. */
export function sumOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** The sum over all series in one bucket; `null` if none of them knows it. */
export function sumAt(series: readonly Series[], at: number): number | null {
  let sum: number | null = null;
  for (const { values } of series) {
    const value = values[at];
    if (value !== null && value !== undefined) sum = (sum ?? 0) + value;
  }
  return sum;
}

/** For stacks: each series with all before it added. Where every series has a gap, so has the stack. */
export function stacked(series: readonly Series[]): (number | null)[][] {
  const heights: number[] = [];
  return series.map(({ values }) =>
    values.map((value, at) => {
      heights[at] = (heights[at] ?? 0) + (value ?? 0);
      return sumAt(series, at) === null ? null : heights[at];
    }),
  );
}

/** The series of a bucket, largest first, without those that have none there. */
export function rankedAt(
  series: readonly Series[],
  at: number,
): { series: Series; value: number }[] {
  return series
    .flatMap((one) => {
      const value = one.values[at];
      return value === null || value === undefined ? [] : [{ series: one, value }];
    })
    .sort((left, right) => right.value - left.value);
}
