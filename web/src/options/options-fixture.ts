/** Every option of a channel, for tests and for the eye. */
import type { ChannelOptions, ShapeResult } from "@/api/types";

export const fullOptions: ChannelOptions = {
  system_prompt: { text: "Be brief.", mode: "prepend" },
  params: { overrides: { temperature: 0.2 }, operations: [{ mode: "delete", path: "user" }] },
  body: { allow: ["model", "stream", "messages"], deny: ["user"] },
  effort_suffix: { keep: ["sonar-high"], messages: "thinking_budget" },
  model_rules: [{ match: "prefix", pattern: "gpt-5", to: "gpt-5.2" }],
  service_tier: "refuse",
  fast_mode: false,
  store: "force_false",
  safety_identifier: "drop",
  cache_ttl: "1h",
  organization: "org-1",
  project: "proj_1",
  headers: { set: { "x-tenant": "a-{user}", "x-token": "(set)" }, remove: ["x-debug"] },
  thinking_to_content: true,
  pass_through_body: true,
  status_codes: { "400": 422 },
  hours: { zone: "Asia/Shanghai", windows: [{ days: ["mon"], from: "22:00", to: "06:30" }] },
  websocket: true,
  on_disconnect: "drain",
  auto_disable: { after: 5, causes: ["exhausted"] },
  test_model: "gpt-5.2",
  test_every_minutes: 30,
  probe_every_seconds: 60,
  tags: ["eu"],
  remark: "Ask Ben.",
};

/** What options made of a request. */
export const shaped: ShapeResult = {
  target: "POST https://api.openai.com/v1/responses",
  upstream_model: "gpt-5.2",
  body: '{"model":"gpt-5.2","input":"Say hello.","store":false,"stream":true}',
  headers: [
    { name: "authorization", value: "Bearer ***" },
    { name: "x-token", value: "(set)" },
  ],
  edits: ["store", "headers"],
  refused: [],
};
