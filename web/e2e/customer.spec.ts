import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";

import balanceEn from "../src/i18n/en/balance";
import plansEn from "../src/i18n/en/plans";
import shopEn from "../src/i18n/en/shop";
import officeEn from "../src/i18n/en/ticket_office";
import ticketsEn from "../src/i18n/en/tickets";
import traceEn from "../src/i18n/en/trace";
import balanceZh from "../src/i18n/zh-CN/balance";
import plansZh from "../src/i18n/zh-CN/plans";
import shopZh from "../src/i18n/zh-CN/shop";
import officeZh from "../src/i18n/zh-CN/ticket_office";
import ticketsZh from "../src/i18n/zh-CN/tickets";
import traceZh from "../src/i18n/zh-CN/trace";
import { secret, tell } from "./gateway";
import { languages } from "./looks";
import { post, test } from "./paying";
import { addUser, enter, type Person } from "./people";
import { addKey, put } from "./scene";
import type { Stage } from "./stage";
import { expectNoTrouble, watch } from "./trouble";

const texts = {
  en: {
    balance: balanceEn,
    plans: plansEn,
    shop: shopEn,
    office: officeEn,
    tickets: ticketsEn,
    trace: traceEn,
  },
  "zh-CN": {
    balance: balanceZh,
    plans: plansZh,
    shop: shopZh,
    office: officeZh,
    tickets: ticketsZh,
    trace: traceZh,
  },
};

/** The texts of a language with what stands in their gaps. */
const fill = (text: string, gaps: Record<string, string>) =>
  text.replaceAll(/\{\{(\w+)\}\}/g, (_, gap: string) => gaps[gap] ?? "");

/** What a customer can spend in each window: a few calls, when each counts two hundred times. */
const terms = {
  days: 30,
  multiplier: "200",
  limit_5h: "1",
  limit_1d: "2",
  limit_7d: "3",
  limit_30d: "4",
};

for (const { locale, language } of languages) {
  test.describe(language, () => {
    test.use({ locale, timezoneId: "UTC", viewport: { width: 1440, height: 900 } });

    test("a customer buys a plan, uses it up, pays on, and asks why", async ({
      page,
      browser,
      request,
      paying,
    }, { repeatEachIndex }) => {
      test.setTimeout(300_000);
      const { plans, shop, balance, tickets, office, trace } = texts[language];
      const { stage, root } = paying;
      const name = `cleo-${language}-${repeatEachIndex}`.toLowerCase();
      const site = await open(stage, root, name);
      const cleo = await addUser(stage, root, name);
      const address = `${name}@example.org`;
      await prove(stage, cleo, address);
      const { key } = await addKey(cleo, "laptop");
      await enter(page.context(), cleo);
      const trouble = watch(page);

      // A plan, by the gateway.
      await page.goto(`${stage.url}/subscription`);
      const offer = page.getByRole("row").filter({ hasText: site.plan });
      await offer.getByRole("button", { name: plans.buy.verb }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(shop.pay_by).selectOption(site.till);
      await dialog.getByRole("button", { name: shop.order_verb, exact: true }).click();
      const bought = await orderOf(page);
      await tell(request, site.notify, bought, "50.00");
      await page.goto(`${stage.url}/pay/${bought}/success`);
      await expect(page.getByText(fill(shop.return.paid_plan, { plan: site.plan }))).toBeVisible();

      // Every window moves with a call, until the shortest has no room.
      await page.goto(`${stage.url}/subscription`);
      const held = page.getByRole("region", { name: site.plan });
      const windows = ["$1.00", "$2.00", "$3.00", "$4.00"].map((limit) =>
        held.getByText(fill(plans.window.used, { used: "$0.00", limit })),
      );
      for (const window of windows) await expect(window).toBeVisible();
      expect((await ask(stage, key)).status).toBe(200);
      for (const window of windows) await expect(window).toBeHidden();
      const refused = await untilRefused(stage, key);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await refused.text()).toMatch(/there is room again from \d{4}-\d\d-\d\dT/);
      const call = refused.headers.get("x-request-id") ?? "";
      await page.reload();
      await expect(held.getByText(plans.window.empty).first()).toBeVisible();

      // A top-up and a code: then the balance pays.
      await page.goto(`${stage.url}/topup`);
      await page.getByRole("button", { name: "50.00" }).click();
      await page.getByRole("combobox", { name: shop.pay_by }).selectOption(site.till);
      await page.getByRole("button", { name: shop.order_verb, exact: true }).click();
      const topUp = await orderOf(page);
      await tell(request, site.notify, topUp, "50.00");
      await page.goto(`${stage.url}/pay/${topUp}/success`);
      await expect(page.getByText(fill(shop.return.paid, { amount: "$7.00" }))).toBeVisible();
      await page.goto(`${stage.url}/balance`);
      await page.getByRole("button", { name: balance.redeem.title }).click();
      const redeem = page.getByRole("dialog");
      await redeem.getByLabel(balance.redeem.code).fill(site.code);
      await redeem.getByRole("button", { name: balance.redeem.verb, exact: true }).click();
      const came = fill(balance.redeem.done, { amount: "$3.00" });
      await expect(page.getByText(came, { exact: true })).toBeVisible();
      expect((await ask(stage, key)).status).toBe(200);
      expectNoTrouble(trouble);

      // A ticket about the call that was refused, with a file.
      await page.goto(`${stage.url}/usage/${call}`);
      await page.getByRole("link", { name: trace.action.ticket }).click();
      await page.getByRole("textbox", { name: tickets.column.subject }).fill("429?");
      await page.getByRole("textbox", { name: tickets.new.body }).fill("**Why** was it refused?");
      await expect(page.getByRole("textbox", { name: tickets.new.request })).toHaveValue(call);
      const buffer = Buffer.from("HTTP/1.1 429 Too Many Requests");
      const file = { name: "answer.txt", mimeType: "text/plain", buffer };
      await page.locator('input[type="file"]').setInputFiles(file);
      await expect(page.getByText(tickets.files.sent)).toBeVisible();
      await page.getByRole("button", { name: tickets.new.verb, exact: true }).click();
      await expect(page.getByText(tickets.state.open)).toBeVisible();
      const ticket = new URL(page.url()).pathname;
      expect(ticket).toMatch(/^\/tickets\/ti_\w+$/);

      // Root reads it with its file, and answers.
      const desk = await (await browser.newContext({ locale, timezoneId: "UTC" })).newPage();
      await enter(desk.context(), root);
      const deskTrouble = watch(desk);
      await desk.goto(`${stage.url}/admin${ticket}`);
      const saved = desk.waitForEvent("download");
      await desk
        .getByRole("button", { name: fill(tickets.files.save, { name: file.name }) })
        .click();
      expect(readFileSync(await (await saved).path())).toEqual(buffer);
      await desk.getByRole("textbox", { name: office.answer.body }).fill("By your limit.");
      await desk.getByRole("button", { name: office.answer.reply_verb }).click();
      await expect(desk.getByText(office.state.answered).first()).toBeVisible();
      expectNoTrouble(deskTrouble);
      await desk.context().close();

      // The answer comes by mail, which leads back to it.
      const letter = await letterTo(stage, address, "By your limit.");
      expect(letter).toContain(`${stage.url}${ticket}`);
      await page.goto(`${stage.url}/tickets`);
      await expect(page.getByText(tickets.unread)).toBeVisible();
      await page.goto(stage.url + ticket);
      await expect(page.getByText("By your limit.")).toBeVisible();
      expectNoTrouble(trouble);
    });
  });
}

/** What this customer finds: a plan, a way to pay, top-ups, a code. */
async function open(stage: Stage, root: Person, name: string) {
  await put(root, "/api/admin/settings/site_base_url", { value: stage.url });
  const currencies = { CNY: { credit: "0.14", minimum: 1000, presets: [5000] } };
  await put(root, "/api/admin/settings/top_up", { value: JSON.stringify({ currencies }) });
  const till = `Till of ${name}`;
  const gateway = { sign_secret: secret };
  const { id } = await post(root, "/api/admin/payment-channels", {
    name: till,
    kind: "webhook",
    gateway,
  });
  const plan = `Plan of ${name}`;
  await post(root, "/api/admin/plans", { code: name, name: plan, prices: { CNY: "50" }, terms });
  const made = await post(root, "/api/admin/redemption-codes", {
    batch: name,
    amount_usd: "3",
    count: 1,
  });
  return {
    plan,
    till,
    notify: `${stage.url}/api/pay/${id}/notify`,
    code: made.codes[0].code as string,
  };
}

/** Gives somebody an address, by the code that is sent to it. */
async function prove(stage: Stage, person: Person, email: string) {
  const { api, password } = person;
  const fresh = await api.post("/api/me/reauthenticate", { data: { password } });
  expect(fresh.ok(), await fresh.text()).toBe(true);
  const sent = await api.post("/api/me/email", { data: { email } });
  expect(sent.status(), await sent.text()).toBe(202);
  const letter = await letterTo(stage, email, "");
  const code = /\b\d{6}\b/.exec(letter.slice(letter.indexOf("\n\n")))?.[0] ?? "";
  const taken = await api.post("/api/me/email/confirm", { data: { email, code } });
  expect(taken.status(), await taken.text()).toBe(200);
}

/** The letter to an address that has some words in it. */
async function letterTo(stage: Stage, address: string, words: string): Promise<string> {
  const find = () =>
    readdirSync(stage.mailbox, { withFileTypes: true })
      .filter((entry) => entry.name.endsWith(".eml"))
      .map((entry) => readFileSync(join(stage.mailbox, entry.name), "utf8").replaceAll("\r", ""))
      .find((letter) => letter.includes(`To: ${address}`) && letter.includes(words));
  await expect.poll(() => find() !== undefined).toBe(true);
  return find() ?? "";
}

/** The order a page tells to be paid. */
async function orderOf(page: Page): Promise<string> {
  const said = await page
    .getByText(/or_\w{13}/)
    .first()
    .textContent();
  return /or_\w{13}/.exec(said ?? "")?.[0] ?? "";
}

function ask(stage: Stage, key: string): Promise<Response> {
  return fetch(`${stage.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: "m",
      max_completion_tokens: 50,
      messages: [{ role: "user", content: "Say hello." }],
    }),
  });
}

/** Calls until a call is refused, a bounded number of times; gives what it was refused with. */
async function untilRefused(stage: Stage, key: string): Promise<Response> {
  for (let turn = 0; turn < 20; turn += 1) {
    const answer = await ask(stage, key);
    if (answer.status !== 200) return answer;
    await answer.text();
  }
  throw new Error("twenty calls and none was refused");
}
