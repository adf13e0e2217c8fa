import type { Buckets } from "./bucket";
import type { Series } from "./series";

/** The same figures on every run. */
function chance(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

export function hourBuckets(count: number): Buckets {
  const start = Date.parse("2026-11-23T11:00:00Z");
  return {
    size: "hour",
    starts: Array.from({ length: count }, (_, at) =>
      new Date(start + at * 3_600_000).toISOString(),
    ),
  };
}

/** Names of models, among them hostile ones. */
const models = [
  "gpt-5.2",
  "claude-opus-5",
  "claude-sonnet-5",
  "gemini-3-pro",
  "o5-mini",
  '<b onclick="x">bold</b>',
  "x".repeat(200),
  "نموذج שלום",
  "👩‍👩‍👧‍👦 family",
  "deepseek-v4",
];

/** Spend by model: more series than there are colours, with a gap in the middle. */
export function spend(count: number): Series[] {
  const next = chance(3);
  return models.map((key, rank) => ({
    key,
    label: key,
    values: Array.from({ length: count }, (_, at) =>
      at > 9 && at < 12 ? null : Math.round((next() * 900) / (rank + 1)) / 1_000,
    ),
  }));
}

export function outcomes(count: number): Series[] {
  const next = chance(5);
  const row = (size: number) => Array.from({ length: count }, () => Math.round(next() * size));
  return [
    { key: "ok", label: "Succeeded", tone: "ok", values: row(900) },
    { key: "failed", label: "Failed", tone: "err", values: row(60) },
    { key: "refused", label: "Refused", tone: "warn", values: row(40) },
    { key: "client_gone", label: "Client left", tone: "none", values: row(20) },
  ];
}

/** First token in microseconds: nothing was called for a while. */
export function latencies(count: number): Series[] {
  const next = chance(9);
  const row = (least: number, more: number) =>
    Array.from({ length: count }, (_, at) =>
      at > 5 && at < 9 ? null : Math.round(least + next() * more),
    );
  return [
    { key: "p50", label: "P50", values: row(400_000, 200_000) },
    { key: "p95", label: "P95", values: row(1_200_000, 2_000_000) },
  ];
}
