import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it, vi } from "vitest";

import { server } from "@/test/server";
import { actAs, addressOf, api, path, watchSession } from "./client";
import { ApiProblem } from "./problem";

const nothing = { lost: () => undefined, forbidden: () => undefined };

afterEach(() => {
  actAs(undefined);
  watchSession(nothing);
});

const problem = (status: number, body: object, headers: Record<string, string> = {}) =>
  HttpResponse.json(body, {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });

describe("a call", () => {
  it("names the signed-in user, and no one before that", async () => {
    const seen: (string | null)[] = [];
    server.use(
      http.get("/api/thing", ({ request }) => {
        seen.push(request.headers.get("realms-user"));
        return HttpResponse.json({ ok: true });
      }),
    );
    await api.get("/api/thing");
    actAs("us_1");
    await api.get("/api/thing");
    expect(seen).toEqual([null, "us_1"]);
  });

  it("sends JSON and the tag of what it changes", async () => {
    server.use(
      http.put("/api/thing", async ({ request }) =>
        HttpResponse.json({
          type: request.headers.get("content-type"),
          tag: request.headers.get("if-match"),
          body: await request.json(),
        }),
      ),
    );
    expect(await api.put("/api/thing", { a: 1 }, { ifMatch: '"7"' })).toEqual({
      type: "application/json",
      tag: '"7"',
      body: { a: 1 },
    });
  });

  it("gives the tag with the value", async () => {
    server.use(
      http.get("/api/thing", () => HttpResponse.json({ a: 1 }, { headers: { etag: '"7"' } })),
    );
    expect(await api.getTagged("/api/thing")).toEqual({ value: { a: 1 }, etag: '"7"' });
  });

  it("takes an empty answer for what it is", async () => {
    server.use(http.delete("/api/thing", () => new HttpResponse(null, { status: 204 })));
    expect(await api.delete("/api/thing")).toBeUndefined();
  });
});

describe("a failure", () => {
  it("carries what the problem document says", async () => {
    server.use(
      http.post("/api/thing", () =>
        problem(
          422,
          {
            code: "invalid",
            detail: "two fields",
            params: { count: 2 },
            fields: [{ pointer: "/name", code: "taken", detail: "in use" }],
            request_id: "req_1",
          },
          { "retry-after": "7" },
        ),
      ),
    );
    const error = await api.post("/api/thing", {}).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ApiProblem);
    expect(error).toMatchObject({
      code: "invalid",
      status: 422,
      params: { count: "2" },
      fields: [{ pointer: "/name", code: "taken", detail: "in use" }],
      requestId: "req_1",
      retryAfter: 7,
    });
  });

  it.each([
    [404, "not_found"],
    [429, "throttled"],
    [502, "unavailable"],
    [500, "internal"],
  ])("with status %d and no document is %s", async (status, code) => {
    server.use(http.get("/api/thing", () => HttpResponse.text("<html>", { status })));
    await expect(api.get("/api/thing")).rejects.toMatchObject({ code, status });
  });

  it("to reach the server is told apart from an answer", async () => {
    server.use(http.get("/api/thing", () => HttpResponse.error()));
    await expect(api.get("/api/thing")).rejects.toMatchObject({ code: "unreachable", status: 0 });
  });

  it("to answer in time is told apart too", async () => {
    server.use(http.get("/api/thing", () => new Promise<never>(() => undefined)));
    await expect(api.get("/api/thing", { timeoutMs: 5 })).rejects.toMatchObject({
      code: "timeout",
    });
  });

  it("by the caller's own wish stays an abort", async () => {
    server.use(http.get("/api/thing", () => new Promise<never>(() => undefined)));
    const left = new AbortController();
    const answer = api.get("/api/thing", { signal: left.signal });
    left.abort();
    await expect(answer).rejects.toMatchObject({ name: "AbortError" });
  });

  it("to read a success as JSON is told", async () => {
    server.use(http.get("/api/thing", () => HttpResponse.text("<html>")));
    await expect(api.get("/api/thing")).rejects.toMatchObject({ code: "unreadable" });
  });
});

describe("the session", () => {
  it("that ended is told once someone was signed in, not before", async () => {
    server.use(http.get("/api/thing", () => problem(401, { code: "unauthenticated" })));
    const lost = vi.fn();
    watchSession({ ...nothing, lost });
    await expect(api.get("/api/thing")).rejects.toMatchObject({ code: "unauthenticated" });
    expect(lost).not.toHaveBeenCalled();
    actAs("us_1");
    await expect(api.get("/api/thing")).rejects.toMatchObject({ code: "unauthenticated" });
    expect(lost).toHaveBeenCalledOnce();
  });

  it("stays when only a password was wrong", async () => {
    server.use(http.post("/api/thing", () => problem(401, { code: "wrong_credentials" })));
    const lost = vi.fn();
    watchSession({ ...nothing, lost });
    actAs("us_1");
    await expect(api.post("/api/thing")).rejects.toMatchObject({ code: "wrong_credentials" });
    expect(lost).not.toHaveBeenCalled();
  });
});

describe("an address", () => {
  it("encodes what is put into it", () => {
    expect(path`/api/users/${"a/b ?"}`).toBe("/api/users/a%2Fb%20%3F");
    expect(addressOf("/api/usage", { q: "a b", limit: 5, cursor: undefined, by: ["x", "y"] })).toBe(
      `${window.location.origin}/api/usage?q=a+b&limit=5&by=x%2Cy`,
    );
  });
});
