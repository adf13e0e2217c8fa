/** The JSON of `/healthz`, as tests need it. */
export function healthBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ok: true,
    version: "0.1.0",
    build_date: "2026-11-20",
    mode: "self",
    database: { state: "ok", latency_ms: 0.42, kind: "sqlite" },
    setup: "done",
    catalog: { version: 7, defects: 0 },
    models: 3,
    ...changes,
  };
}
