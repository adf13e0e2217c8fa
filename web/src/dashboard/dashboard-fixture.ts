import type { Dashboard, Histogram, UsageSummary, UsageSums } from "@/api/types";
import { hourBuckets, outcomes, spend } from "@/chart/gallery-fixture";
import type { Series } from "@/chart/series";
import { call } from "@/trace/fixtures/base";

export function sums(changes: Partial<UsageSums> = {}): UsageSums {
  return {
    calls: 1_284,
    errors: 31,
    input_tokens: 4_120_000,
    cache_read_tokens: 9_800_000,
    cache_write_tokens: 310_000,
    output_tokens: 612_000,
    reasoning_tokens: 210_000,
    cost_usd: "18.4213",
    cache_saved_usd: "12.3002",
    ...changes,
  };
}

export function summary(changes: Partial<UsageSummary> = {}): UsageSummary {
  return {
    sums: sums(),
    error_share: 31 / 1_284,
    cache_hit_share: 0.71,
    p50_first_event_us: 690_000,
    p95_first_event_us: 4_210_000,
    p50_duration_us: 3_400_000,
    p95_duration_us: 21_000_000,
    output_tokens_per_second: 84,
    ...changes,
  };
}

export function histogramOf(series: readonly Series[], digits: number): Histogram {
  return {
    bucket: "hour",
    starts: [...hourBuckets(24).starts],
    series: series.map(({ key, label, values }) => {
      const known = values.map((value) => value ?? 0);
      const total = known.reduce((sum, value) => sum + value, 0).toFixed(digits);
      return { key, label, values: known, total };
    }),
    incomplete_last: true,
  };
}

const part = (key: string, label: string, cost_usd: string, calls: number) => ({
  key,
  label,
  ...sums({ cost_usd, calls }),
});

const failed = call({
  request_id: "01890a5d-ac96-774b-bcce-b302099a0002",
  started_at: "2026-11-24T10:12:00Z",
  status: 429,
  outcome: "failed",
  origin: "upstream",
  cause: "rate_limited",
});

/** Most of a month, with quiet weekends. */
export function month(days = 24): Dashboard["month"] {
  const dates = Array.from({ length: 30 }, (_, at) => `2026-11-${String(at + 1).padStart(2, "0")}`);
  const costs = dates.slice(0, days).map((_, at) => {
    const isWeekend = at % 7 === 0 || at % 7 === 6;
    return isWeekend ? 0 : 12_000 + ((at * 7_919) % 900) * 10;
  });
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  return {
    starts: dates.map((date) => `${date}T00:00:00.000000Z`),
    end: "2026-12-01T00:00:00.000000Z",
    days: costs.map((cost, at) => ({
      date: dates[at] ?? "",
      cost_usd: (cost / 1_000).toFixed(3),
    })),
    sums: sums({ calls: 18_204, errors: 210, cost_usd: (total / 1_000).toFixed(3) }),
  };
}

const noWaste = { calls: 0, cost_usd: "0" };

/** A day of someone who works with it. */
export function dashboard(changes: Partial<Dashboard> = {}): Dashboard {
  return {
    attention: [],
    connect: { has_key: true, has_call: true, first_call_at: "2026-11-02T08:00:00Z" },
    today: summary(),
    yesterday_same_time: sums({ calls: 1_100, cost_usd: "20.1", errors: 12 }),
    spend: histogramOf(spend(24), 3),
    calls: histogramOf(outcomes(24), 0),
    month: month(),
    waste: {
      failed: { calls: 7, cost_usd: "0.2431" },
      retried: { calls: 18, cost_usd: "0.9120" },
      mismatched: noWaste,
    },
    top_models: [
      part("gpt-5.2", "gpt-5.2", "9.2100", 812),
      part("claude-opus-5", "claude-opus-5", "7.1", 310),
      part("gemini-3-pro", "gemini-3-pro", "2.1113", 162),
    ],
    top_keys: [
      part("ak_12", "laptop", "14.02", 1_100),
      part("ak_13", "<img src=x onerror=alert(1)> CI", "4.4013", 184),
    ],
    top_clients: [
      part("Codex CLI 0.169.0", "Codex CLI 0.169.0", "11.3", 900),
      part("_none", "_none", "0.02", 4),
    ],
    recent_errors: [
      { cause: "rate_limited", origin: "upstream", count: 24, last: failed },
      {
        cause: "_none",
        origin: "client",
        count: 1,
        last: call({
          request_id: "01890a5d-ac96-774b-bcce-b302099a0003",
          status: 404,
          outcome: "refused",
          origin: "client",
          model: "x".repeat(200),
        }),
      },
    ],
    recent: [
      call({ started_at: "2026-11-24T10:28:00Z" }),
      failed,
      call({ request_id: "01890a5d-ac96-774b-bcce-b302099a0004", model: "claude-opus-5" }),
    ],
    ...changes,
  };
}

/** Someone who has just registered. */
export function freshDashboard(changes: Partial<Dashboard> = {}): Dashboard {
  const none = sums({
    calls: 0,
    errors: 0,
    input_tokens: 0,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    output_tokens: 0,
    reasoning_tokens: 0,
    cost_usd: "0",
    cache_saved_usd: "0",
  });
  return dashboard({
    attention: [{ kind: "no_key", params: {} }],
    connect: { has_key: false, has_call: false },
    today: { sums: none, error_share: 0, cache_hit_share: 0 },
    yesterday_same_time: none,
    spend: histogramOf([], 0),
    calls: histogramOf([], 0),
    month: {
      ...month(),
      days: month().days.map((day) => ({ ...day, cost_usd: "0" })),
      sums: none,
    },
    waste: { failed: noWaste, retried: noWaste, mismatched: noWaste },
    top_models: [],
    top_keys: [],
    top_clients: [],
    recent_errors: [],
    recent: [],
    ...changes,
  });
}
