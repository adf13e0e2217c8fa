/** What the routes that anyone may ask say. Written by hand until the server's document has them: see `api/types`. */
import type { BudgetUse, Dialect, KeyRules, Limits, TokenView, UsageSums } from "@/api/types";

/** What a model costs who signs up now, per million LLM tokens. */
export interface PublicPrice {
  name: string;
  owner: string;
  dialects: Dialect[];
  input_usd?: string;
  output_usd?: string;
  cache_read_usd?: string;
  cache_write_5m_usd?: string;
  cache_write_1h_usd?: string;
}

export type ModelState = "up" | "degraded" | "down" | "unknown";

/** How a model has been doing. */
export interface PublicStatus {
  name: string;
  owner: string;
  state: ModelState;
  /** The share of calls that were answered; left out where there were none. */
  ok_share?: number;
  p50_first_event_us?: number;
  /** The share in each of the last 24 hours, the oldest first; `null` when there was nothing. */
  hours: (number | null)[];
}

/** How an API key stands, for whoever has it. */
export interface KeyStanding {
  name: string;
  /** Its last characters. */
  hint: string;
  status: TokenView["status"];
  ends_at?: string;
  limits: Limits;
  rules: KeyRules;
  budgets: BudgetUse[];
  usage_today: UsageSums;
  usage_30d: UsageSums;
  /** How many it may call. */
  models: number;
}
