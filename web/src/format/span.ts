/** Spans of time as a form holds them: a count of one unit. */

/** Seconds of each unit a span can be given in, the largest first. */
export const unitSeconds = { day: 86_400, hour: 3_600, minute: 60, second: 1 } as const;

export type SpanUnit = keyof typeof unitSeconds;
export const spanUnits = Object.keys(unitSeconds) as readonly SpanUnit[];

/** A span in the largest unit that says it exactly. */
export function spanOf(seconds: number): { count: number; unit: SpanUnit } {
  const unit = spanUnits.find((one) => seconds % unitSeconds[one] === 0) ?? "second";
  return { count: seconds / unitSeconds[unit], unit };
}
