import type { Range } from "@/filter/range";

/** The buckets of a chart: when each begins, and how they are named. */
export interface Buckets {
  /** RFC 3339, rising. */
  readonly starts: readonly string[];
  readonly size: "minute" | "five_minutes" | "hour" | "day";
}

const lengths = { minute: 60, five_minutes: 300, hour: 3_600, day: 86_400 } as const;

/** Seconds since 1970, as the chart wants its horizontal axis. */
export function secondsOf(buckets: Buckets): number[] {
  return buckets.starts.map((start) => Date.parse(start) / 1_000);
}

/** When a bucket ends: where the next begins. A day may have 23 or 25 hours. */
export function endOf(buckets: Buckets, at: number): number {
  const next = buckets.starts[at + 1];
  if (next !== undefined) return Date.parse(next) / 1_000;
  return Date.parse(buckets.starts[at] ?? "") / 1_000 + lengths[buckets.size];
}

/** The stretch from one bucket to another, both included, whichever comes first. */
export function rangeOf(buckets: Buckets, from: number, to: number): Range | undefined {
  const [first, last] = from <= to ? [from, to] : [to, from];
  const start = buckets.starts[first];
  if (start === undefined || buckets.starts[last] === undefined) return undefined;
  return {
    since: new Date(start).toISOString(),
    until: new Date(endOf(buckets, last) * 1_000).toISOString(),
  };
}

/** The bucket that an instant falls into; the nearest for one outside. */
export function bucketAt(buckets: Buckets, seconds: number): number {
  let at = 0;
  while (at + 1 < buckets.starts.length && endOf(buckets, at) <= seconds) at += 1;
  return at;
}

/** What a bucket is called: its day, or its day and time. */
export function nameOf(buckets: Buckets, at: number, language: string, zone?: string): string {
  const start = buckets.starts[at];
  if (start === undefined) return "";
  return new Intl.DateTimeFormat(language.startsWith("en") ? "en-GB" : language, {
    day: "numeric",
    month: "short",
    ...(buckets.size !== "day" && { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    ...(zone !== undefined && { timeZone: zone }),
  }).format(new Date(start));
}

/** The words under the axis: days where the step is a day or midnight begins one, else the time of day. */
export function tickNames(
  seconds: readonly number[],
  step: number,
  language: string,
  zone?: string,
): string[] {
  const tag = language.startsWith("en") ? "en-GB" : language;
  const timeZone = zone === undefined ? {} : { timeZone: zone };
  const day = new Intl.DateTimeFormat(tag, { day: "numeric", month: "short", ...timeZone });
  const time = new Intl.DateTimeFormat(tag, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...timeZone,
  });
  return seconds.map((second) => {
    const date = new Date(second * 1_000);
    const clock = time.format(date);
    return step >= lengths.day || clock === "00:00" ? day.format(date) : clock;
  });
}
