/** What a request cost, line by line, and whether the lines add up. */

import type { CostLine, Trace, Usage } from "@/api/types";
import { addUsd, nanoOf } from "@/format/money";

export const buckets = [
  "input",
  "cache_read",
  "cache_write_5m",
  "cache_write_1h",
  "output",
] as const;

/** What has a line only where it has a price of its own. */
const apart = [
  "reasoning",
  "audio_input",
  "audio_output",
  "image_input",
  "image_output",
  "tool_calls",
  "images",
  "request",
] as const;

export interface CostRow {
  bucket: CostLine["bucket"];
  tokens: number;
  /** Left out where no price is known. */
  priced?: { price_usd: string; multiplier: string; cost_usd: string };
}

export interface CostTable {
  rows: readonly CostRow[];
  /** The sum of the lines, or what was charged where there are none; left out where no price is known. */
  total?: string;
  /** What was recorded, where it differs from the sum. */
  recorded?: string;
  /** `lost`: the server lost the call and charged what it had noted. `unlined`: its lines cannot be told any more.
      `waits`: nobody believes its usage, and nothing is charged yet. `by_hand`: somebody decided the total. */
  state: "priced" | "no_price" | "nothing" | "lost" | "unlined" | "waits" | "by_hand";
}

export function costTable({
  call,
  cost,
  price,
}: Pick<Trace, "call" | "cost" | "price">): CostTable {
  const lines = new Map(cost?.map((line) => [line.bucket, line]));
  const own = apart.filter((bucket) => lines.has(bucket));
  const rows = [...buckets, ...own].flatMap((bucket): CostRow[] => {
    const line = lines.get(bucket);
    const tokens = line?.tokens ?? tokensOf(call.usage, bucket);
    if (tokens === 0) return [];
    if (!line) return [{ bucket, tokens }];
    const { price_usd, multiplier, cost_usd } = line;
    return [{ bucket, tokens, priced: { price_usd, multiplier, cost_usd } }];
  });
  if (call.billing === "quarantined" && rows.length > 0) return { rows, state: "waits" };
  if (price?.unknown || (cost === undefined && call.cost_usd === undefined)) {
    return { rows, state: rows.length > 0 ? "no_price" : "nothing" };
  }
  const charged = call.cost_usd;
  const isCharged = charged !== undefined && nanoOf(charged) !== 0n;
  if (rows.length === 0) {
    return isCharged ? { rows, total: charged, state: "lost" } : { rows, state: "nothing" };
  }
  if (charged !== undefined && rows.every(({ priced }) => priced === undefined)) {
    const isByHand = call.billing === "reviewed" || call.billing === "waived";
    return { rows, total: charged, state: isByHand ? "by_hand" : "unlined" };
  }
  const total = addUsd(...rows.flatMap((row) => (row.priced ? [row.priced.cost_usd] : [])));
  const recorded = call.cost_usd;
  return {
    rows,
    total,
    state: "priced",
    ...(recorded !== undefined && nanoOf(recorded) !== nanoOf(total) && { recorded }),
  };
}

/** Whether a bucket is counted in pieces, each at its price. */
export const isPiece = (bucket: CostLine["bucket"]) =>
  bucket === "request" || bucket === "tool_calls" || bucket === "images";

/** The tokens of a bucket. */
export function tokensOf(usage: Usage, bucket: CostLine["bucket"]): number {
  return bucket === "request" ? 0 : usage[bucket];
}

/** A multiplier without zeros at its end: `1.2`. */
export function plainDecimal(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
