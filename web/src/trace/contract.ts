/** The objects of the API that these pages show. Times are RFC 3339, durations microseconds, money decimal strings. */

export type Dialect = "responses" | "chat" | "messages" | "gemini";

export interface UserModel {
  name: string;
  owner: string;
  dialects: Dialect[];
  input_usd?: string;
  output_usd?: string;
  cache_read_usd?: string;
  cache_write_5m_usd?: string;
  cache_write_1h_usd?: string /* per million tokens, after my multiplier */;
  base_input_usd?: string;
  base_output_usd?: string;
  multiplier: string;
  channel_groups: string[];
  health?: ModelHealth;
}

export interface ModelHealth {
  calls: number;
  ok_share: number;
  p50_first_event_us?: number;
  hours: (number | null)[] /* 24: share of ok, null: no calls */;
}

export interface TokenView {
  // "token" only in the paths, as in the original; the word is API key
  id: string;
  name: string;
  hint: string;
  enabled: boolean;
  status: "active" | "disabled" | "revoked";
  revealable: boolean;
  channel_groups: string[] /* empty: all of the user group's, in its order */;
  created_at: string;
  updated_at: string;
  revoked_at?: string;
  last_used_at?: string;
  usage_today?: UsageSums;
  usage_30d?: UsageSums; // aggregates come with the list, never per row
}

export interface UsageSums {
  calls: number;
  errors: number;
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  cost_usd: string;
  cache_saved_usd: string;
}

export interface CallView {
  /* = the UsageView that exists, with these added */ request_id: string;
  started_at: string;
  user_id: string;
  user?: string;
  api_key_id: string;
  api_key?: string /* name */;
  api_key_hint?: string;
  dialect: Dialect;
  operation: string;
  model: string;
  upstream_model?: string;
  answered_model?: string;
  model_mismatch: boolean;
  channel?: string;
  channel_group?: string;
  stream: boolean;
  status: number;
  outcome: "ok" | "refused" | "rejected" | "failed" | "broken" | "client_gone";
  origin?: "client" | "realms" | "upstream" | "storage";
  cause?: string;
  first_event_us?: number;
  duration_us: number;
  request_bytes: number;
  response_bytes: number;
  usage: Usage;
  certainty: "measured" | "estimated" | "none";
  cost_usd?: string;
  client_address?: string;
  user_agent?: string;
  client?: string /* parsed: "Codex CLI 0.169.0" */;
  attempts: AttemptView[];
}

export interface Usage {
  input: number;
  cache_read: number;
  cache_write_5m: number;
  cache_write_1h: number;
  output: number;
  reasoning: number;
  audio_input: number;
  audio_output: number;
  tool_calls: number;
}

export interface AttemptView {
  channel?: string /* left out when the reader may not see channels */;
  label: string /* always: "A","B",… in order of first use */;
  endpoint_id?: string;
  credential_id?: string;
  credential?: string;
  upstream_model?: string;
  started_at: string;
  headers_us?: number;
  duration_us: number;
  status?: number;
  outcome: "accepted" | "retried" | "failed" | "cancelled";
  cause?: string;
  scope?: string;
  detail?: string;
  bytes: number;
  upstream_request_id?: string;
}

export interface Trace {
  call: CallView;
  decision?: Decision;
  cost?: CostLine[];
  price?: {
    multiplier: string;
    group_path: { name: string; multiplier: string }[];
    unknown: boolean;
  };
  lane: "same_dialect" | "translated";
  losses: string[];
  timings: {
    phase: "received" | "admitted" | "read" | "planned" | "answered" | "ended";
    at_us: number;
  }[];
  node: string;
  config_version: number;
}

export interface CostLine {
  bucket: "input" | "cache_read" | "cache_write_5m" | "cache_write_1h" | "output";
  tokens: number;
  price_usd: string /* per million */;
  multiplier: string;
  cost_usd: string;
}

export interface Decision {
  at: string;
  catalog_version: number;
  seed: string;
  key_groups: string[];
  considered: Considered[];
  truncated: boolean;
  user_group: string;
  model?: string;
  dialect: Dialect;
  session?: boolean;
  home?: string /* pinned: only who holds the state */;
}

export interface Considered {
  channel?: string;
  label: string;
  channel_group: string;
  upstream_model?: string;
  endpoint?: string;
  credential?: string;
  priority: number;
  weight: number;
  place?: number /* order to try, from 0 */;
  probability?: number /* of being first in its tier */;
  excluded?: Exclusion;
  until?: string;
  cause?: string;
}

export type Exclusion =
  | "channel_disabled"
  | "group_disabled"
  | "binding_disabled"
  | "not_in_groups"
  | "dialect"
  | "kind"
  | "cooling_down"
  | "no_credential"
  | "no_endpoint"
  | "not_home";
