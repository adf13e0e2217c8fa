import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";

import { secret } from "./gateway";
import { hostile, veryLong } from "./hostile";
import { adjust, give, openUp, post } from "./paying";
import { addUser, becomeRoot, enter, type Person } from "./people";
import { viewsOf } from "./routes";
import { addChannels, addKey, call, expectCalls, put } from "./scene";
import type { Fates, Seeded } from "./seeded";
import { type Stage, startStage } from "./stage";
import { answer, sendFile } from "./support";
import { follow } from "./traffic";
import { expectNoSidewaysScroll, expectNoTrouble, watch } from "./trouble";

const prices = { input_usd_per_1m: "1", output_usd_per_1m: "2" };

/** An upstream that refuses everything in its own words. */
async function rudeUpstream(): Promise<Server> {
  const body = JSON.stringify({
    error: { message: veryLong, type: hostile.script, code: hostile.image },
  });
  const server = createServer((_, answer) =>
    answer
      .writeHead(400, { "content-type": "application/json", "x-request-id": "<b>id</b>" })
      .end(body),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Hostile names wherever a name can be chosen, and calls with hostile words in them. */
async function settle(stage: Stage, rude: string): Promise<Seeded> {
  const root = await becomeRoot(stage);
  await put(root, "/api/admin/setup", { dismissed: true });
  await put(root, "/api/admin/settings/site_name", { value: hostile.image });
  await put(root, "/api/admin/settings/registration_contact", { value: hostile.script });
  await openUp(root);
  const names = {
    channel: hostile.image,
    channelGroup: await made(root, "channel-groups", [
      hostile.image,
      hostile.arabic,
      "Wg".repeat(30),
    ]),
    model: hostile.script,
    userGroup: await made(root, "user-groups", [hostile.image, hostile.arabic, "Wu".repeat(30)]),
  };
  await addChannels(stage, root, [
    { name: hostile.image, models: ["m", hostile.script], groups: ["default", names.channelGroup] },
    { name: hostile.long, models: ["m"], priority: -1 },
    { name: hostile.arabic, models: [hostile.emoji], key: "key-refused" },
  ]);
  await put(root, "/api/admin/channels/rude", {
    name: "rude",
    kind: "openai",
    base_url: rude,
    credentials: [{ name: hostile.image, key: "k" }],
    models: ["rude"],
  });
  const ana = await addUser(stage, root, "a".repeat(64));
  for (const model of [hostile.script, hostile.emoji, "rude"])
    await put(root, `/api/admin/models/${encodeURIComponent(model)}`, { ...prices, name: model });
  for (const { username } of [root, ana])
    for (const reason of [hostile.image, hostile.arabic, hostile.emoji, hostile.long])
      await adjust(root, username, "9.5", reason);
  return {
    stage,
    root,
    ana,
    names,
    calls: { root: await live(stage, root), ana: await live(stage, ana) },
    orders: await sell(root, ana),
    tickets: await ask(root, ana),
  };
}

/** Plans with such names that both have and order, by a payment channel with one. */
async function sell(root: Person, ana: Person) {
  const till = {
    name: hostile.image.slice(0, 64),
    kind: "webhook",
    gateway: { sign_secret: secret },
  };
  const { id } = await post(root, "/api/admin/payment-channels", till);
  const terms = { days: 30, limit_5h: "5", limit_30d: "40" };
  for (const [at, name] of [hostile.script, hostile.arabic].entries()) {
    const plan = { code: `p${at}`, name: name.slice(0, 40), prices: { CNY: "50" }, terms };
    await post(root, "/api/admin/plans", plan);
    for (const { username } of [root, ana]) await give(root, username, plan.code);
  }
  const order = async (person: Person) => {
    const wish = { currency: "CNY", payment_channel_id: id };
    return (await post(person, "/api/plans/p0/order", wish)).id as string;
  };
  return { root: await order(root), ana: await order(ana) };
}

/** Tickets with such words in them, answered with a reply that is given often. */
async function ask(root: Person, ana: Person) {
  await put(root, `/api/admin/canned-replies/${encodeURIComponent(hostile.arabic)}`, {
    body: hostile.script,
  });
  const open = async (person: Person, subject: string) => {
    const file = await sendFile(person, `${hostile.emoji}.txt`, hostile.script);
    const body = [hostile.image, `[${veryLong}](javascript:owned)`, hostile.arabic].join("\n\n");
    const wish = { subject, category: "other", body, files: [file] };
    return (await post(person, "/api/tickets", wish)).id as string;
  };
  const tickets = { root: await open(root, hostile.arabic), ana: await open(ana, hostile.image) };
  await answer(root, tickets.ana, hostile.script);
  return tickets;
}

/** Puts an object under the first of some names that the server takes. */
async function made(root: Person, what: string, names: string[]): Promise<string> {
  for (const name of names) {
    const path = `/api/admin/${what}/${encodeURIComponent(name)}`;
    const answer = await root.api.put(path, { data: { name } });
    expect([201, 400, 422], await answer.text()).toContain(answer.status());
    if (answer.status() === 201) return name;
  }
  throw new Error(`no name was taken for ${what}`);
}

async function live(stage: Stage, person: Person): Promise<Fates> {
  const { key } = await addKey(person, hostile.image);
  for (const name of [hostile.arabic, hostile.emoji, hostile.long]) await addKey(person, name);
  const agent = `${hostile.image}${"W".repeat(200)}`;
  const fates = {
    failedOver: await call(stage, key, "rude", { agent }),
    answered: await call(stage, key, hostile.script, { agent: hostile.script }),
    failed: await call(stage, key, hostile.emoji),
    broken: await call(stage, key, "rude", { stream: true, agent }),
    refused: await call(stage, key, veryLong),
  };
  await expectCalls(person, Object.keys(fates).length);
  return fates;
}

test("text from others stays text, and breaks no page", async ({ browser }) => {
  test.setTimeout(240_000);
  const rude = await rudeUpstream();
  // People pay, so that the pages of money are there too.
  const stage = await startStage({ REALMS_SELF_MODE_ENABLE: "false" });
  try {
    const { port } = rude.address() as AddressInfo;
    const seeded = await settle(stage, `http://127.0.0.1:${port}`);
    const faults: string[] = [];
    for (const [who, width] of [
      ["anyone", 390],
      ["ana", 390],
      ["root", 390],
      ["root", 1440],
    ] as const) {
      const context = await browser.newContext({ viewport: { width, height: 900 } });
      if (who !== "anyone") await enter(context, seeded[who]);
      const page = await context.newPage();
      const trouble = watch(page);
      const traffic = follow(page);
      page.on("dialog", (dialog) => {
        trouble.errors.push(`a dialog says ${dialog.message()}`);
        void dialog.dismiss();
      });
      const views = viewsOf(who, seeded).filter(({ path }) => !/limited|stale-key|bare/.test(path));
      for (const { path } of views) {
        for (const list of Object.values(trouble)) list.length = 0;
        const checks: (() => unknown)[] = [
          () => page.goto(stage.url + path),
          () => expect(page.locator("h1").first()).toBeVisible(),
          () => traffic.settle(),
          () => expectNoSidewaysScroll(page),
          async () => expect(await page.evaluate(() => "owned" in window)).toBe(false),
          () => expectNoTrouble(trouble),
        ];
        for (const check of checks) {
          try {
            await check();
          } catch (error) {
            faults.push(`${who} at ${width} px, ${decodeURIComponent(path)}: ${error}`);
          }
        }
      }
      await context.close();
    }
    expect(faults.join("\n\n")).toBe("");
  } finally {
    await stage.close();
    rude.close();
  }
});
