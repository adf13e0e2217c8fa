import type { PriceSync } from "@/api/types";
import { sums } from "@/dashboard/dashboard-fixture";
import type { ImportReport } from "./import-row";
import type { ModelRow, ServedBy } from "./model";

export const served = (channel: string, changes: Partial<ServedBy> = {}): ServedBy => ({
  channel,
  upstream: "gpt-5.2",
  state: "serving",
  ...changes,
});

export const modelRow = (name: string, changes: Partial<ModelRow> = {}): ModelRow => ({
  id: `md_${name}`,
  name,
  owner: "openai",
  enabled: true,
  input_usd_per_1m: "1.25",
  output_usd_per_1m: "10",
  cache_read_usd_per_1m: "0.125",
  price_pinned: true,
  priced: { source: "manual", at: "2026-11-20T08:00:00Z" },
  created_at: "2026-11-01T08:00:00Z",
  updated_at: "2026-11-20T08:00:00Z",
  channels: [served("openai-a")],
  last_30d: sums({ calls: 1_204, cost_usd: "18.4021" }),
  ...changes,
});

const {
  input_usd_per_1m: _,
  output_usd_per_1m: __,
  cache_read_usd_per_1m: ___,
  priced: ____,
  price_pinned: _____,
  ...bare
} = modelRow("llama-4-70b", { owner: "meta", channels: [], last_30d: sums({ calls: 0 }) });

/** A model without price, without channel and never called. */
export const bareRow: ModelRow = bare;

export const rowList: ModelRow[] = [
  modelRow("claude-opus-4-5", {
    owner: "anthropic",
    input_usd_per_1m: "5",
    output_usd_per_1m: "25",
    cache_read_usd_per_1m: "0.5",
    cache_write_5m_usd_per_1m: "6.25",
    cache_write_1h_usd_per_1m: "10",
    price_pinned: false,
    priced: { source: "imported", at: "2026-11-23T08:00:00Z" },
    channels: [
      served("anthropic-main", { upstream: "claude-opus-4-5" }),
      served("relay-backup", { upstream: "claude-opus-4-5-20251101", state: "cooling_down" }),
    ],
  }),
  modelRow("gemini-3-pro", {
    owner: "google",
    enabled: false,
    channels: [served("google-a", { upstream: "gemini-3-pro", state: "disabled" })],
  }),
  modelRow("gpt-5.2"),
  bareRow,
  modelRow("o5-mini", { channels: [served("openai-a", { upstream: "o5-mini", state: "down" })] }),
];

export const report = (changes: Partial<ImportReport> = {}): ImportReport => ({
  format: "litellm",
  applied: false,
  tag: "t1",
  rows: [
    {
      model: "claude-opus-4-5",
      state: "unchanged",
      before: { input_usd: "5", output_usd: "25" },
      after: { input_usd: "5", output_usd: "25" },
      written: false,
      pinned: false,
    },
    {
      model: "gpt-5.2",
      state: "changed",
      before: { input_usd: "1.25", output_usd: "10", cache_read_usd: "0.125" },
      after: { input_usd: "1.75", output_usd: "14", cache_read_usd: "0.175" },
      written: false,
      pinned: true,
      reason_code: "pinned",
      reason: "the price that is there is pinned: name the model in `overwrite`",
    },
    {
      model: "gpt-6",
      state: "added",
      after: { input_usd: "2", output_usd: "16" },
      written: true,
      pinned: false,
    },
    {
      model: "image-x",
      state: "failed",
      written: false,
      pinned: false,
      reason_code: "no_price",
      reason: "it has no price of input",
    },
    {
      model: "o5-mini",
      state: "changed",
      before: { input_usd: "0.1", output_usd: "10" },
      after: { input_usd: "1.25", output_usd: "10" },
      factor: 12.5,
      written: false,
      pinned: false,
      reason_code: "kept",
      reason: "the price that is there stays: name the model in `overwrite`",
    },
  ],
  ...changes,
});

/** Prices kept up with a list: two of them wait, one since it moves too far. */
export const priceSync = (changes: Partial<PriceSync> = {}): PriceSync => ({
  source: "prices.example/list.json",
  every_hours: 24,
  mode: "apply",
  factor: 5,
  running: false,
  next_at: "2026-11-24T08:00:00Z",
  last: {
    at: "2026-11-23T08:00:00Z",
    source: "prices.example/list.json",
    trigger: "schedule",
    same: false,
    listed: 1_204,
    applied: 3,
    waiting: 2,
    held_back: 1,
    pinned: 4,
    unpriced: 1,
  },
  revision: 7,
  waiting: [
    {
      model: "gpt-5.2",
      cause: "far",
      before: { input_usd: "1.25", output_usd: "10", cache_read_usd: "0.125" },
      after: { input_usd: "12.5", output_usd: "100", cache_read_usd: "0.125" },
    },
    {
      model: "llama-4-70b",
      cause: "review",
      after: { input_usd: "0.5", output_usd: "0.9", terms: { request: "0.001" } },
    },
  ],
  ...changes,
});
