import type { Overview } from "@/api/types";
import { hourBuckets, latencies, outcomes } from "@/chart/gallery-fixture";
import { histogramOf, summary, sums } from "@/dashboard/dashboard-fixture";

const [p50, p95] = latencies(24);

/** A site where some things are wrong. */
export function overview(changes: Partial<Overview> = {}): Overview {
  return {
    healthy: false,
    findings: [
      {
        id: "channel_down:pro-1",
        severity: "error",
        kind: "channel_down",
        params: { channel: "pro-1", reason: "credentials_resting", cause: "unauthorized" },
        link: "/admin/channels/pro-1",
      },
      {
        id: "channel_down:std",
        severity: "warning",
        kind: "channel_down",
        params: {
          channel: `<b>${"long ".repeat(20)}</b>`,
          cause: "rate_limited",
          until: "2026-11-24T10:42:00Z",
        },
        link: "/admin/channels/std",
      },
      {
        id: "credential_failing:pro-1/main",
        severity: "warning",
        kind: "credential_failing",
        params: { channel: "pro-1", credential: "main", cause: "unauthorized" },
        link: "/admin/channels/pro-1",
      },
      {
        id: "price_missing",
        severity: "warning",
        kind: "price_missing",
        params: { count: "7", models: "a, b, c, d, e" },
        link: "/admin/models",
      },
      {
        id: "model_one_channel",
        severity: "info",
        kind: "model_one_channel",
        params: { count: "1", models: "gemini-3-pro" },
        link: "/admin/models",
      },
      { id: "no_base_url", severity: "info", kind: "no_base_url", params: {} },
    ],
    channels: { total: 9, serving: 5, degraded: 1, down: 1, disabled: 2 },
    now: {
      calls_per_minute: 7.4,
      tokens_per_minute: 182_400,
      in_flight: 12,
      error_share: 0.042,
      p95_first_event_us: 4_310_000,
    },
    today: summary(),
    throughput: histogramOf(outcomes(24), 0),
    latency: {
      starts: [...hourBuckets(24).starts],
      p50: [...(p50?.values ?? [])],
      p95: [...(p95?.values ?? [])],
    },
    top_users: [
      { key: "us_7", label: "ana", ...sums({ cost_usd: "9.31", calls: 710 }) },
      { key: "us_9", label: "bo", ...sums({ cost_usd: "4.02", calls: 201 }) },
    ],
    setup: {
      root: true,
      address: true,
      channel: true,
      test: false,
      key: false,
      call: false,
      done: false,
      dismissed: false,
      detected_address: "https://llm.example.org",
      forwarded_proto_untrusted: true,
    },
    ...changes,
  };
}

/** A site where all is well and set up. */
export function healthyOverview(changes: Partial<Overview> = {}): Overview {
  const before = overview();
  return overview({
    healthy: true,
    findings: [],
    channels: { total: 3, serving: 3, degraded: 0, down: 0, disabled: 0 },
    setup: { ...before.setup, test: true, key: true, call: true, done: true },
    ...changes,
  });
}
