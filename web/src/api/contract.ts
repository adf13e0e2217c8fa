/** The shapes of the JSON API. Times are RFC 3339 in UTC, durations microseconds, money decimal strings in US dollars.
    What the server has nothing to say of is left out, never null. Pages import them from `@/api/types`. */

export interface Page<T> {
  items: T[];
  next?: string;
  approx_total?: number;
  facets?: Facet[];
}

export interface Facet {
  field: string;
  values: { value: string; label?: string; count: number }[];
}

export type Role = "root" | "admin" | "user";

export interface Bootstrap {
  site_name: string;
  site_base_url?: string;
  version: string;
  self_mode: boolean;
  setup_needed: boolean;
  registration: "closed" | "open";
  registration_contact?: string;
  email_verification: boolean;
  mail: boolean;
  login_providers: { id: string; name: string; kind: "oidc" | "github" }[];
  passkeys: boolean;
  features: Features;
  secure: boolean;
}

export interface Features {
  announcements: boolean;
  tokens: boolean;
  usage: boolean;
  models: boolean;
  billing: boolean;
  tickets: boolean;
  playground: boolean;
  admin_channels: boolean;
  admin_channel_groups: boolean;
  admin_users: boolean;
  admin_usage: boolean;
  admin_announcements: boolean;
}

export interface Me {
  id: string;
  username: string;
  email?: string;
  email_verified: boolean;
  role: Role;
  user_group: string;
  has_password: boolean;
  totp: boolean;
  passkeys: number;
  created_at: string;
  session_expires_at: string;
  permissions: Permission[];
  preferences: Record<string, unknown>;
  features: Features;
}

export type Permission =
  | "operate"
  | "channels.write"
  | "secrets.write"
  | "secrets.reveal"
  | "prices.write"
  | "users.write"
  | "roles.write"
  | "settings.write"
  | "audit.read"
  | "admin_keys.write"
  | "usage.read";

export interface LoginResult {
  me?: Me;
  second_factor?: { challenge: string; methods: ("totp" | "recovery_code")[] };
}

export interface SessionView {
  id: string;
  current: boolean;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
  address: string;
  user_agent: string;
}

export interface PasskeyView {
  id: string;
  name: string;
  created_at: string;
  last_used_at?: string;
}

export interface IdentityView {
  id: string;
  provider: string;
  subject: string;
  email?: string;
  created_at: string;
}

export interface TokenView {
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
  usage_30d?: UsageSums;
}

export interface MadeToken {
  token: TokenView;
  key: string;
}

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

export type Dialect = "responses" | "chat" | "messages" | "gemini";

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
  request_id: string;
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

export interface UsageSummary {
  sums: UsageSums;
  error_share: number;
  cache_hit_share: number;
  p50_first_event_us?: number;
  p95_first_event_us?: number;
  p50_duration_us?: number;
  p95_duration_us?: number;
  output_tokens_per_second?: number;
  previous?: UsageSums;
}

export interface Histogram {
  bucket: "minute" | "five_minutes" | "hour" | "day";
  starts: string[] /* bucket starts */;
  series: {
    key: string;
    label: string;
    values: number[] /* USD as number only here, for drawing */;
    total: string;
  }[];
  incomplete_last: boolean;
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

export interface Dashboard {
  attention: { kind: "no_key" | "failing" | "no_channel"; params: Record<string, string> }[];
  connect: { has_key: boolean; has_call: boolean; first_call_at?: string };
  today: UsageSummary;
  yesterday_same_time: UsageSums;
  spend: Histogram /* by model, cost */;
  calls: Histogram /* by outcome */;
  top_models: ({ key: string; label: string } & UsageSums)[];
  top_keys: ({ key: string; label: string } & UsageSums)[];
  top_clients: ({ key: string; label: string } & UsageSums)[];
  recent_errors: { cause: string; origin: string; count: number; last: CallView }[];
  recent: CallView[];
}

export interface Overview {
  healthy: boolean;
  findings: Finding[];
  channels: { total: number; serving: number; degraded: number; down: number; disabled: number };
  now: {
    calls_per_minute: number;
    tokens_per_minute: number;
    in_flight: number;
    error_share: number;
    p95_first_event_us?: number;
  };
  today: UsageSummary;
  throughput: Histogram;
  latency: { starts: string[]; p50: (number | null)[]; p95: (number | null)[] };
  top_users: ({ key: string; label: string } & UsageSums)[];
  setup: SetupState;
}

export interface Finding {
  id: string;
  severity: "error" | "warning" | "info";
  kind:
    | "channel_down"
    | "credential_failing"
    | "model_one_channel"
    | "model_no_channel"
    | "price_missing"
    | "no_mail"
    | "plain_http"
    | "no_base_url"
    | "catalog_defect"
    | "spool";
  params: Record<string, string>;
  link?: string;
}

export interface SetupState {
  root: boolean;
  address: boolean;
  channel: boolean;
  test: boolean;
  key: boolean;
  call: boolean;
  done: boolean;
  dismissed: boolean;
  detected_address: string;
  forwarded_proto_untrusted: boolean;
  first_call?: { request_id: string; outcome: string };
}

export interface Detected {
  kind?: ChannelKind;
  name?: string;
  base_url?: string;
  keys: string[] /* as pasted, only in this answer */;
  models: string[];
  dialects: Dialect[];
  notes: string[] /* codes */;
  preset?: string;
}

export type ChannelKind = "openai" | "anthropic" | "gemini" | "codex" | string;

export interface TestResult {
  model: string;
  upstream_model: string;
  dialect: Dialect;
  credential?: string;
  ok: boolean;
  status?: number;
  first_event_us?: number;
  duration_us: number;
  answered_model?: string;
  model_mismatch: boolean;
  text?: string /* ≤ 200 chars of the answer */;
  usage?: Usage;
  cost_usd?: string;
  failure?: Failure;
  request: string;
  response: string /* ≤ 4 KiB each, secrets masked */;
  curl: string;
}

export interface Failure {
  code:
    | "dns"
    | "connect"
    | "tls"
    | "timeout"
    | "unauthorized"
    | "forbidden"
    | "not_found"
    | "model_not_found"
    | "rate_limited"
    | "no_money"
    | "blocked_address"
    | "bad_request"
    | "server_error"
    | "not_an_api"
    | "other";
  detail: string;
  fix?: { base_url?: string; allow_private?: string; setting?: string };
}

export interface ChannelStatus {
  channel: string;
  state: "serving" | "degraded" | "cooling_down" | "down" | "disabled";
  reason?: string;
  cause?: string;
  until?: string;
  in_flight: number;
  credentials: {
    id: string;
    name: string;
    hint: string;
    enabled: boolean;
    state: "ok" | "cooling_down";
    cause?: string;
    until?: string;
  }[];
  endpoints: { id: string; base_url: string; state: string; until?: string }[];
  models: { model: string; state: "ok" | "cooling_down"; until?: string; cause?: string }[];
  hour: {
    calls: number;
    ok_share: number;
    p50_first_event_us?: number;
    strip: (number | null)[] /* 24 cells of 1 h */;
  };
  today: UsageSums;
}

export interface Price {
  input_usd?: string;
  output_usd?: string;
  cache_read_usd?: string;
  cache_write_5m_usd?: string;
  cache_write_1h_usd?: string;
}

export interface UserRow {
  id: string;
  username: string;
  email?: string;
  role: Role;
  user_group: string;
  enabled: boolean;
  created_at: string;
  updated_at: string;
  last_seen_at?: string;
  keys: number;
  totp: boolean;
  today: UsageSums;
  last_30d: UsageSums;
}

export interface AuditEntry {
  id: string;
  at: string;
  actor_kind: "user" | "admin_key" | "cli" | "system";
  actor: string;
  address?: string;
  user_agent?: string;
  action: string /* channel.update, session.log_in, api_key.reveal … */;
  object_kind?: string;
  object?: string;
  changes: { path: string; before?: string; after?: string }[];
  request_id?: string;
}

export interface SettingView {
  key: string;
  value: string;
  default: string;
  is_set: boolean;
  about: string;
  section: "site" | "features" | "sign_up" | "mail" | "routing" | "usage" | "log_in";
  kind: "text" | "url" | "integer" | "boolean" | "duration_ms" | "secret" | "choice" | "time_zone";
  min?: number;
  max?: number;
  choices?: string[];
  source: "database" | "environment" | "default";
  env?: string;
  locked: boolean;
  restart: boolean;
  updated_at?: string;
  updated_by?: string;
  hides?: string[];
}

export interface AdminKeyView {
  id: string;
  name: string;
  hint: string;
  scopes: Scope[];
  created_by: string;
  created_at: string;
  last_used_at?: string;
  expires_at?: string;
  enabled: boolean;
}

export type Scope =
  | "config:read"
  | "config:write"
  | "users:read"
  | "users:write"
  | "usage:read"
  | "audit:read"
  | "secrets:write"
  | "everything";

/** One thing found by `GET /api/search`; `to` is a path of the console. */
export interface SearchHit {
  kind: "page" | "channel" | "user" | "api_key" | "model" | "call";
  id: string;
  label: string;
  hint?: string;
  to: string;
}

/** A list that is not paged. */
export interface Items<T> {
  items: T[];
}
