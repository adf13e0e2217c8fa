import { expect, type Locator, type Page } from "@playwright/test";
import authEn from "../src/i18n/en/auth";
import errorsEn from "../src/i18n/en/errors";
import invitationsEn from "../src/i18n/en/invitations";
import publicEn from "../src/i18n/en/public";
import rankingEn from "../src/i18n/en/ranking";
import shellEn from "../src/i18n/en/shell";
import authZh from "../src/i18n/zh-CN/auth";
import errorsZh from "../src/i18n/zh-CN/errors";
import invitationsZh from "../src/i18n/zh-CN/invitations";
import publicZh from "../src/i18n/zh-CN/public";
import rankingZh from "../src/i18n/zh-CN/ranking";
import shellZh from "../src/i18n/zh-CN/shell";
import { languages, lookAt } from "./looks";
import { test } from "./paying";
import { enter, password } from "./people";
import { addKey, call } from "./scene";
import { expectNoTrouble, type Trouble, watch } from "./trouble";

const texts = {
  en: {
    auth: authEn,
    errors: errorsEn,
    invitations: invitationsEn,
    open: publicEn,
    ranking: rankingEn,
    shell: shellEn,
  },
  "zh-CN": {
    auth: authZh,
    errors: errorsZh,
    invitations: invitationsZh,
    open: publicZh,
    ranking: rankingZh,
    shell: shellZh,
  },
};

const widths = [1440, 390];

/** The page's own heading, in its own words. */
const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });

/** The row of a model. */
const rowOf = (list: Locator, name: string) =>
  list.getByRole("row").filter({ has: list.page().getByText(name, { exact: true }) });

/** Nothing went wrong but the one refusal that a test asked for; the browser tells of it besides. */
async function expectRefused(trouble: Trouble, status: number, path: string) {
  const refused = expect.stringMatching(new RegExp(`^${status} .*${path}$`));
  await expect.poll(() => trouble.failedRequests).toEqual([refused]);
  await expect.poll(() => trouble.errors).toEqual([expect.stringContaining(String(status))]);
  trouble.failedRequests.length = 0;
  trouble.errors.length = 0;
}

for (const { locale, language } of languages) {
  const t = texts[language];

  test.describe(language, () => {
    test.use({ locale, timezoneId: "UTC", viewport: { width: 1440, height: 900 } });

    test("anyone sees what models cost and how they are doing", async ({ page, paying }, info) => {
      const { url } = paying.stage;
      const trouble = watch(page);
      await page.goto(`${url}/login`);
      const links = page.getByRole("navigation", { name: t.shell.public.nav });
      await lookAt(page, info, { name: "login", language, widths });
      await page.setViewportSize({ width: 1440, height: 900 });
      await links.getByRole("link", { name: t.shell.public.prices, exact: true }).click();
      await expect(heading(page, t.open.prices.title)).toBeVisible();
      const prices = page.getByRole("grid", { name: t.open.prices.title });
      await expect(rowOf(prices, "m")).toContainText("1.25");
      await lookAt(page, info, { name: "prices", language, widths });

      await page.setViewportSize({ width: 1440, height: 900 });
      await links.getByRole("link", { name: t.shell.public.status, exact: true }).click();
      await expect(heading(page, t.open.status.title)).toBeVisible();
      const states = page.getByRole("grid", { name: t.open.status.title });
      await expect(rowOf(states, "m")).toContainText(t.open.state.up);
      await lookAt(page, info, { name: "status", language, widths });
      await expect(links.getByRole("link", { name: t.shell.public.sign_in })).toBeVisible();
      expectNoTrouble(trouble);
    });

    test("whoever is signed in finds the way back to the console", async ({
      page,
      context,
      paying,
    }) => {
      await enter(context, paying.ana);
      const trouble = watch(page);
      await page.goto(`${paying.stage.url}/dashboard`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await page.goto(`${paying.stage.url}/prices`);
      const links = page.getByRole("navigation", { name: t.shell.public.nav });
      await links.getByRole("link", { name: t.shell.public.console }).click();
      await expect(page).toHaveURL(`${paying.stage.url}/dashboard`);
      expectNoTrouble(trouble);
    });

    test("a key tells how it stands, and one that is none does not", async ({
      page,
      paying,
    }, info) => {
      const { stage, ana } = paying;
      const { key } = await addKey(ana, `Shown in ${language}`);
      await call(stage, key);
      const trouble = watch(page);
      await page.goto(`${stage.url}/key`);
      const field = page.getByLabel(t.open.key.field, { exact: true });
      await field.fill("sk_nobody_has_this_one");
      await page.getByRole("button", { name: t.open.key.submit }).click();
      await expect(page.getByRole("alert")).toContainText(t.errors.unknown_key);
      await expectRefused(trouble, 404, "/api/public/key");

      await field.fill(key);
      await page.getByRole("button", { name: t.open.key.submit }).click();
      const standing = page.getByRole("region", { name: t.open.key.standing });
      await expect(standing).toContainText(`Shown in ${language}`);
      const clients = page.getByRole("region", { name: t.open.key.clients });
      await expect(clients.getByRole("option", { name: "m", exact: true })).toBeAttached();
      // It is masked, and nowhere but in the memory of the page.
      await expect(page.locator("body")).not.toContainText(key);
      expect(page.url()).toBe(`${stage.url}/key`);
      const kept = await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
      );
      expect(kept).not.toContain(key);
      await lookAt(page, info, { name: "key", language, widths });
      await page.getByRole("button", { name: t.open.key.forget }).click();
      await expect(field).toHaveValue("");
      expectNoTrouble(trouble);
    });

    test("the ranking shows one as one chooses", async ({ page, context, paying }, info) => {
      const { stage, ana } = paying;
      await enter(context, ana);
      const trouble = watch(page);
      await page.goto(`${stage.url}/ranking`);
      await expect(heading(page, t.ranking.title)).toBeVisible();
      const own = page.getByRole("table", { name: t.ranking.places }).locator("[aria-current]");
      const choose = async (how: "anonymous" | "name" | "hidden") => {
        const saved = page.waitForResponse((answer) => answer.url().endsWith("/api/me/ranking"));
        await page.getByText(t.ranking.shown[how], { exact: true }).first().click();
        expect((await saved).status()).toBe(204);
      };
      await choose("name");
      await expect(own).toContainText("ana");
      await lookAt(page, info, { name: "ranking", language, widths });
      await page.setViewportSize({ width: 1440, height: 900 });
      await choose("hidden");
      await expect(page.getByText(t.ranking.others.hidden)).toBeVisible();
      await expect(own).toHaveCount(0);
      // As it was at first, for whoever looks next.
      const back = await ana.api.put("/api/me/ranking", { data: { shown: "anonymous" } });
      expect(back.status()).toBe(204);
      expectNoTrouble(trouble);
    });

    test("an invitation is given, followed and rewarded", async ({
      page,
      context,
      browser,
      paying,
    }, info) => {
      const { stage, ana } = paying;
      await enter(context, ana);
      test.setTimeout(180_000);
      const trouble = watch(page);
      await page.goto(`${stage.url}/account/invitations`);
      await expect(heading(page, t.invitations.title)).toBeVisible();
      const field = page.getByLabel(t.invitations.link_field, { exact: true });
      const first = await field.inputValue();
      await lookAt(page, info, { name: "invitations", language, widths });
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.getByRole("button", { name: t.invitations.renew }).click();
      const question = page.getByRole("dialog", { name: t.invitations.renew_title });
      await question.getByRole("button", { name: t.invitations.renew }).click();
      await expect(question).toBeHidden();
      await expect(field).not.toHaveValue(first);
      const link = await field.inputValue();

      const rewarded = async (): Promise<number> =>
        (await (await ana.api.get("/api/invitation")).json()).rewarded;
      const before = await rewarded();
      // A stranger follows the old one first, and goes on by the new one.
      const stranger = await browser.newContext({ locale, timezoneId: "UTC" });
      try {
        const theirs = await stranger.newPage();
        const theirTrouble = watch(theirs);
        await theirs.goto(hereOf(stage.url, first));
        await expect(theirs.getByText(t.auth.register.invited)).toBeVisible();
        await signUp(theirs, t.auth, `guest-${language.toLowerCase()}`);
        await expect(theirs.getByRole("alert")).toContainText(t.auth.register.invite_refused);
        await expectRefused(theirTrouble, 422, "/api/register");
        await theirs.goto(hereOf(stage.url, link));
        await theirs.reload();
        await expect(theirs.getByText(t.auth.register.invited)).toBeVisible();
        await lookAt(theirs, info, { name: "invited", language, widths });
        await signUp(theirs, t.auth, `guest-${language.toLowerCase()}`);
        await expect(theirs).toHaveURL(`${stage.url}/dashboard`);
        expectNoTrouble(theirTrouble);
      } finally {
        await stranger.close();
      }

      // What was promised is given a little later, by a task.
      await expect.poll(rewarded, { timeout: 60_000 }).toBe(before + 1);
      await page.reload();
      const latest = page.getByRole("table", { name: t.invitations.latest.title });
      await expect(latest.getByRole("row")).not.toHaveCount(1);
      await expect(latest).not.toContainText("guest");
      expectNoTrouble(trouble);
    });
  });
}

/** An address of the site as this test reaches it. */
function hereOf(site: string, link: string): string {
  const { pathname, search } = new URL(link);
  return site + pathname + search;
}

async function signUp(page: Page, t: (typeof texts)["en" | "zh-CN"]["auth"], username: string) {
  await page.getByLabel(t.username, { exact: true }).fill(username);
  await page.getByLabel(t.password, { exact: true }).fill(password);
  await page.getByRole("button", { name: t.register.submit, exact: true }).click();
}
