import type { CallView, Histogram, UsageSummary, UsageSums } from "@/api/types";

/** A call that went well. */
export function call(changes: Partial<CallView> = {}): CallView {
  return {
    id: "re_1",
    request_id: "01990000-0000-7000-8000-000000000001",
    started_at: new Date(Date.now() - 60_000).toISOString(),
    user_id: "us_1",
    user: "ana",
    api_key_id: "ak_1",
    api_key: "laptop",
    api_key_hint: "9f3a",
    dialect: "chat",
    operation: "chat",
    model: "gpt-5.2",
    answered_model: "gpt-5.2",
    model_mismatch: false,
    stream: true,
    status: 200,
    outcome: "ok",
    first_event_us: 690_000,
    duration_us: 3_400_000,
    request_bytes: 900,
    response_bytes: 4_000,
    usage: {
      input: 21,
      cache_read: 84,
      cache_write_5m: 0,
      cache_write_1h: 0,
      output: 17,
      reasoning: 5,
      audio_input: 0,
      audio_output: 0,
      image_input: 0,
      image_output: 0,
      tool_calls: 0,
      images: 0,
    },
    certainty: "measured",
    cost_usd: "0.0132",
    client: "Codex CLI 0.169.0",
    attempts: [
      {
        label: "A",
        started_at: new Date(Date.now() - 60_000).toISOString(),
        duration_us: 3_400_000,
        status: 200,
        outcome: "accepted",
        bytes: 4_000,
      },
    ],
    ...changes,
  };
}

export function sums(changes: Partial<UsageSums> = {}): UsageSums {
  return {
    calls: 12,
    errors: 3,
    input_tokens: 400,
    cache_read_tokens: 1_600,
    cache_write_tokens: 0,
    output_tokens: 300,
    reasoning_tokens: 20,
    cost_usd: "1.25",
    cache_saved_usd: "0.4",
    ...changes,
  };
}

export function summary(changes: Partial<UsageSummary> = {}): UsageSummary {
  return { sums: sums(), error_share: 0.25, cache_hit_share: 0.8, previous: sums(), ...changes };
}

export function histogram(changes: Partial<Histogram> = {}): Histogram {
  return {
    bucket: "hour",
    starts: ["2026-11-24T08:00:00Z", "2026-11-24T09:00:00Z"],
    series: [{ key: "ok", label: "ok", values: [4, 8], total: "12" }],
    incomplete_last: true,
    ...changes,
  };
}
