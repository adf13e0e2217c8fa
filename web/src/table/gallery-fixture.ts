/** Rows for the gallery and the tests: calls, among them hostile ones. */
export interface Call {
  id: string;
  at: string;
  outcome: "ok" | "failed" | "refused";
  model: string;
  key: string;
  client: string;
  tokens: number;
  cost: string;
  first: number;
  total: number;
}

const models = ["gpt-5.2", "claude-opus-5", "claude-sonnet-5", "gemini-3-pro", "o5-mini"];
const keys = ["laptop", "ci", "my agent", "server"];
const clients = ["Codex CLI 0.169.0", "Claude Code 3.1.0", "Gemini CLI 1.2.0", "curl 8.5"];

/** Text that breaks what is careless: markup, right to left, emoji, a word without end. */
const hostile = [
  '<img src=x onerror="alert(1)"> <b>bold</b>',
  "مفتاح الاختبار שלום עולם",
  "👩‍👩‍👧‍👦🏳️‍🌈 family key 🚀",
  "x".repeat(200),
  "=HYPERLINK(1)\ttab\nline | pipe",
  "",
];

/** The same rows on every run. */
export function calls(count: number): Call[] {
  let seed = 11;
  const next = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  const start = Date.parse("2026-11-24T10:00:00Z");
  return Array.from({ length: count }, (_, at) => {
    const outcome = (["ok", "ok", "ok", "ok", "ok", "failed", "refused"] as const)[next(7)] ?? "ok";
    const first = 200_000 + next(2_500_000);
    const isHostile = at % 17 === 3;
    return {
      id: `req_${String(at).padStart(5, "0")}`,
      at: new Date(start - at * 7_000).toISOString(),
      outcome,
      model: (isHostile && hostile[next(hostile.length)]) || (models[next(models.length)] ?? ""),
      key: (isHostile && hostile[next(hostile.length)]) || (keys[next(keys.length)] ?? ""),
      client: clients[next(clients.length)] ?? "",
      tokens: next(180_000),
      cost: (next(900_000) / 1_000_000).toFixed(6),
      first,
      total: first + next(20_000_000),
    };
  });
}
