import { expect } from "@playwright/test";

import type { Person } from "./people";
import type { Stage } from "./stage";

/** What the fake upstream does with a key: see `fake_upstream.rs`. */
export type UpstreamKey =
  | "key-good"
  | "key-refused"
  | "key-limited"
  | "key-busy"
  | "key-cut"
  | "key-page"
  | "key-thinks";

/** A channel to add. */
export interface ChannelWish {
  name: string;
  key?: UpstreamKey;
  priority?: number;
  models?: string[];
  groups?: string[];
  enabled?: boolean;
}

/** Adds channels to the fake upstream, the model `m` with prices, and what its calls need. */
export async function addChannels(stage: Stage, root: Person, wishes: ChannelWish[]) {
  await put(root, "/api/admin/models/m", {
    name: "m",
    owner: "maker",
    input_usd_per_1m: "1.25",
    output_usd_per_1m: "10",
    cache_read_usd_per_1m: "0.125",
  });
  for (const { key = "key-good", ...wish } of wishes) {
    await put(root, `/api/admin/channels/${encodeURIComponent(wish.name)}`, {
      kind: "openai",
      base_url: stage.upstream,
      dialects: ["responses", "chat", "messages", "gemini"],
      groups: ["default"],
      credentials: [{ name: "main", key }],
      models: ["m"],
      ...wish,
    });
  }
}

/** Makes an API key for somebody and tells it. */
export async function addKey(person: Person, name: string): Promise<{ id: string; key: string }> {
  const made = await person.api.post("/api/tokens", { data: { name } });
  expect(made.status(), await made.text()).toBe(201);
  const { token, key } = await made.json();
  return { id: token.id, key };
}

/** One call as a client makes it; gives the id of the request. */
export async function call(
  stage: Stage,
  key: string,
  model = "m",
  { stream = false, agent = "OpenAI/Python 3.52.0" } = {},
): Promise<string> {
  const answer = await fetch(`${stage.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "user-agent": agent,
    },
    body: JSON.stringify({ model, stream, messages: [{ role: "user", content: "Say hello." }] }),
  });
  await answer.text().catch(() => undefined); // a stream that broke off is a call too
  const id = answer.headers.get("x-request-id");
  expect(id).toBeTruthy();
  return id ?? "";
}

/** Waits until so many calls are on record: they are written a moment after they end. */
export async function expectCalls(person: Person, count: number) {
  await expect
    .poll(async () => (await (await person.api.get("/api/usage?limit=200")).json()).items.length)
    .toBeGreaterThanOrEqual(count);
}

/** Sets something of the configuration. */
export async function put(root: Person, path: string, data: object) {
  const answer = await root.api.put(path, { data });
  expect([200, 201, 204], await answer.text()).toContain(answer.status());
}
