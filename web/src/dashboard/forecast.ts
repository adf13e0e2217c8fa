/** What a month will have cost at its end, told from its days so far. */

/** Dollars; four times out of five the end lies between `low` and `high` if the days go on as they went. */
export interface Forecast {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** Fewer days say nothing about how days differ. */
export const leastDays = 3;

/**
 * What has been spent once `daysLeft` more days are over. The middle goes on at the mean of the days that are over, idle
 * ones included. The band is as wide as their differences make a sum of such days, and wider the fewer days are
 * known. `undefined` while it is too early to say.
 */
export function forecastOf(known: {
  /** What each day that is over cost. */
  readonly days: readonly number[];
  /** What today cost so far. */
  readonly today: number;
  /** From now on, the rest of today included. */
  readonly daysLeft: number;
}): Forecast | undefined {
  const { days, today } = known;
  const count = days.length;
  if (count < leastDays) return undefined;
  const left = Math.max(0, known.daysLeft);
  const sum = days.reduce((total, day) => total + day, 0);
  const mean = sum / count;
  const variance = days.reduce((total, day) => total + (day - mean) ** 2, 0) / (count - 1);
  const spent = sum + today;
  const middle = spent + mean * left;
  const spread = quantile(count - 1) * Math.sqrt(variance * (left + left ** 2 / count));
  return { low: Math.max(spent, middle - spread), middle, high: middle + spread };
}

/** The 90 % quantile of Student's t, near enough: 1.85 at two degrees of freedom, 1.28 at many. */
function quantile(freedom: number): number {
  const z = 1.2816;
  return (
    z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2)
  );
}
