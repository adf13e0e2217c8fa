import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test as base, expect } from "@playwright/test";

import { secret } from "./gateway";
import { hostile } from "./hostile";
import { addUser, becomeRoot, type Person } from "./people";
import { addChannels, addKey, call, expectCalls, put } from "./scene";
import { type Stage, startStage } from "./stage";
import { answer, sendFile } from "./support";

/** A Realms where people pay: ana has a balance with some life behind it, and one call that never ends. */
export interface Paying {
  stage: Stage;
  root: Person;
  ana: Person;
  /** Has an account and nothing on it. */
  ben: Person;
  /** A call of ana's that was charged. */
  charged: string;
  /** A ticket of ana's about it, which was answered. */
  ticket: string;
  /** An announcement to everybody, in both languages. */
  announcement: string;
  /** An order of ana's that waits for its payment. */
  order: string;
}

/** Tests that only look share one per worker. */
export const test = base.extend<object, { paying: Paying }>({
  paying: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what is needed from the pattern
    async ({}, use) => {
      const stage = await startStage({ REALMS_SELF_MODE_ENABLE: "false" });
      const slow = await silentUpstream();
      try {
        await use(await settle(stage, slow));
      } finally {
        slow.closeAllConnections();
        slow.close();
        await stage.close();
      }
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

/** An upstream that takes calls and never answers. */
async function silentUpstream(): Promise<Server> {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function settle(stage: Stage, slow: Server): Promise<Paying> {
  const root = await becomeRoot(stage);
  await put(root, "/api/admin/setup", { dismissed: true });
  await openUp(root);
  await put(root, "/api/admin/settings/allow_open_registration", { value: "true" });
  await addChannels(stage, root, [{ name: "steady" }]);
  await put(root, "/api/admin/models/m", {
    name: "m",
    price_terms: {
      reasoning: "40",
      request: "0.0001",
      tiers: [{ above: 200_000, input: "2.5", output: "15" }],
      lanes: { priority: "2", flex: "0.5" },
    },
  });
  const { port } = slow.address() as AddressInfo;
  await put(root, "/api/admin/models/slow", {
    name: "slow",
    input_usd_per_1m: "1",
    output_usd_per_1m: "2",
  });
  await put(root, "/api/admin/channels/silent", {
    name: "silent",
    kind: "openai",
    base_url: `http://127.0.0.1:${port}`,
    credentials: [{ name: "main", key: "k" }],
    models: ["slow"],
  });
  const ana = await addUser(stage, root, "ana");
  const ben = await addUser(stage, root, "ben");
  await adjust(root, "ana", "25", hostile.image);
  await adjust(root, "ana", "-0.5", `${hostile.arabic} ${"W".repeat(120)}`);
  // More than a page of them.
  for (let at = 0; at < 52; at += 1) await adjust(root, "ana", "0.01", "Small change");
  const { key } = await addKey(ana, "laptop");
  const charged = await call(stage, key);
  await expectCalls(ana, 1);
  void call(stage, key, "slow").catch(() => undefined); // it never ends by itself
  await expect
    .poll(async () => (await (await ana.api.get("/api/balance")).json()).holds.length)
    .toBe(1);
  await post(root, "/api/admin/plans", {
    code: "month",
    name: "A month of everything",
    prices: { CNY: "50", USD: "7.5" },
    terms: { days: 30, limit_5h: "5", limit_30d: "40" },
  });
  await post(root, "/api/admin/plans", {
    code: "week",
    name: hostile.arabic,
    prices: { CNY: "15" },
    terms: { days: 7, limit_1d: "2", limit_7d: "10", multiplier: "0.5" },
  });
  for (const plan of ["month", "month", "week"]) {
    await give(root, "ana", plan);
  }
  await call(stage, key);
  const bank = { name: "Bank", kind: "webhook", gateway: { sign_secret: secret } };
  const { id } = await post(root, "/api/admin/payment-channels", bank);
  const wish = { currency: "CNY", payment_channel_id: id };
  const { id: order } = await post(ana, "/api/plans/month/order", wish);
  const ticket = await ask(root, ana, charged);
  const announcement = await announce(root);
  await setUpApps(root);
  return { stage, root, ana, ben, charged, ticket, announcement, order };
}

/** Sets up an app on a server and one of its users', the latter with a name that is not kind to a layout. */
async function setUpApps(root: Person) {
  const usual = { publisher: "Example Ltd", access_token_s: 86_400, enabled: true };
  await post(root, "/api/admin/oauth-apps", {
    ...usual,
    name: "Notebook",
    homepage: "https://notebook.example",
    redirect_uris: ["https://notebook.example/callback"],
    scopes: ["profile", "email", "relay"],
    confidential: true,
  });
  await post(root, "/api/admin/oauth-apps", {
    ...usual,
    name: hostile.arabic,
    publisher: "",
    redirect_uris: ["http://127.0.0.1/cb", "com.example.terminal:/cb"],
    scopes: ["profile"],
    confidential: false,
    enabled: false,
  });
}

/** Shows strangers what there is, and users each other; and lets them invite people. */
export async function openUp(root: Person) {
  for (const key of [
    "feature_public_prices",
    "feature_public_status",
    "feature_public_key",
    "feature_ranking",
  ])
    await put(root, `/api/admin/settings/${key}`, { value: "true" });
  const terms = { inviter_usd: "1", invitee_usd: "0.5", after: "sign_up" };
  await put(root, "/api/admin/settings/invitations", { value: JSON.stringify(terms) });
}

/** Tells everybody something that nobody has to answer. */
async function announce(root: Person): Promise<string> {
  const { id } = await post(root, "/api/admin/announcements", {
    severity: "info",
    pinned: true,
    must_acknowledge: false,
    user_groups: [],
    texts: {
      en: { title: "A new model", body: "`m` is **here**.\n\n- It answers\n- It thinks" },
      zh: { title: "新模型上线", body: "`m` 现已**可用**。\n\n- 可以回答\n- 可以思考" },
    },
    publish_at: new Date().toISOString(),
  });
  return id;
}

/** Opens a ticket of ana's about a call, which is answered. */
async function ask(root: Person, ana: Person, request_id: string): Promise<string> {
  const files = [await sendFile(ana, "what-i-see.txt", "It cost more than I thought.")];
  const body = "Why did this cost **so much**?\n\n- I sent `hello`\n- It said hello";
  const wish = { subject: "A dear hello", category: "billing", body, request_id, files };
  const { id } = await post(ana, "/api/tickets", wish);
  await answer(root, id, "Each call costs a little by itself: see [its trace](/usage).");
  await post(ana, "/api/tickets", { subject: hostile.arabic, category: "other", body: "Hello?" });
  await put(root, "/api/admin/canned-replies/Greeting", { body: "Hello {{user}}," });
  return id;
}

/** Gives time of a plan that begins after what there is of it. */
export async function give(root: Person, name: string, plan: string) {
  const wish = { plan, users: [name], start: "deferred", reason: "To look at" };
  await post(root, "/api/admin/subscriptions", wish);
}

export async function post(person: Person, path: string, data: object) {
  const made = await person.api.post(path, { data });
  expect(made.status(), `${path}: ${await made.text()}`).toBe(201);
  return await made.json();
}

/** Moves money by hand. */
export async function adjust(root: Person, name: string, amount_usd: string, reason: string) {
  const data = { amount_usd, reason };
  const moved = await root.api.post(`/api/admin/users/${name}/balance`, { data });
  expect(moved.status(), await moved.text()).toBe(200);
}
