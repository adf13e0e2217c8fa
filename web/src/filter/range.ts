/** Which stretch of time a list is about: the last hours or days, or from one instant to another. */

export const spans = ["1h", "24h", "7d", "30d"] as const;
export type Span = (typeof spans)[number];

export type Range =
  | { readonly last: Span }
  | {
      /** RFC 3339, UTC. */
      readonly since: string;
      readonly until: string;
    };

/** What a route asks its server for; a span has no end, so that new rows belong to it. */
export interface Bounds {
  readonly since: string;
  readonly until?: string;
}

const minute = 60_000;
const lengths: Record<Span, number> = {
  "1h": 60 * minute,
  "24h": 24 * 60 * minute,
  "7d": 7 * 24 * 60 * minute,
  "30d": 30 * 24 * 60 * minute,
};

/** The range in an address: `24h`, or `2026-11-01T00:00:00.000Z~2026-11-02T00:00:00.000Z`. */
export function printRange(range: Range): string {
  return "last" in range ? range.last : `${range.since}~${range.until}`;
}

/** Reads what `printRange` wrote; `undefined` for anything else. */
export function parseRange(text: string): Range | undefined {
  const last = spans.find((span) => span === text);
  if (last) return { last };
  const [since, until, more] = text.split("~").map(instant);
  return since && until && more === undefined && since < until ? { since, until } : undefined;
}

/** The bounds of a range. A span begins on a whole minute, so that the same question is not asked anew with every render. */
export function boundsOf(range: Range, now: number): Bounds {
  if (!("last" in range)) return { since: range.since, until: range.until };
  const end = Math.floor(now / minute) * minute;
  return { since: new Date(end - lengths[range.last]).toISOString() };
}

export function isSameRange(left: Range, right: Range): boolean {
  return printRange(left) === printRange(right);
}

function instant(text: string): string | undefined {
  const at = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
