import { describe, expect, it, vi } from "vitest";

import { fetchHealth, readHealth, UnreadableHealth } from "./health";
import { healthBody } from "./health-fixture";

describe("the state of the server", () => {
  it("is read field by field", () => {
    expect(readHealth(healthBody())).toEqual({
      ok: true,
      version: "0.1.0",
      buildDate: "2026-11-20",
      mode: "self",
      setup: "done",
      models: 3,
      baseUrl: null,
      database: { state: "ok", latencyMs: 0.42, kind: "sqlite" },
      catalog: { version: 7, defects: 0 },
    });
  });

  it("has no latency while the database does not answer", () => {
    const health = readHealth(healthBody({ database: { state: "unreachable", kind: "postgres" } }));
    expect(health.database).toEqual({ state: "unreachable", latencyMs: null, kind: "postgres" });
  });

  it.each([
    [null, "body is no object"],
    [{}, "database is no object"],
    [healthBody({ models: "3" }), 'models is "3"'],
    [healthBody({ mode: "other" }), 'mode is "other"'],
    [healthBody({ version: undefined }), "version is missing"],
  ])("names what is wrong: %j", (body, message) => {
    expect(() => readHealth(body)).toThrow(new UnreadableHealth(`GET /healthz: ${message}`));
  });

  it("is told by a 503 as well", async () => {
    const body = JSON.stringify(healthBody({ ok: false }));
    vi.stubGlobal("fetch", async () => new Response(body, { status: 503 }));
    expect((await fetchHealth(new AbortController().signal)).ok).toBe(false);
  });

  it("is not a page of some other server", async () => {
    vi.stubGlobal("fetch", async () => new Response("<html>", { status: 502 }));
    await expect(fetchHealth(new AbortController().signal)).rejects.toThrow("status 502, no JSON");
  });
});
