import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "@playwright/test";

import accountEn from "../src/i18n/en/account";
import consentEn from "../src/i18n/en/consent";
import accountZh from "../src/i18n/zh-CN/account";
import consentZh from "../src/i18n/zh-CN/consent";
import { languages, lookAt } from "./looks";
import { post, test } from "./paying";
import { enter } from "./people";
import type { Stage } from "./stage";
import { expectNoTrouble, watch } from "./trouble";

const texts = {
  en: { account: accountEn, consent: consentEn },
  "zh-CN": { account: accountZh, consent: consentZh },
};

/** Where the app has a site of its own; no request leaves the browser. */
const site = "https://notebook.example/cb";

for (const { locale, language } of languages) {
  test.describe(language, () => {
    test.use({ locale, timezoneId: "UTC", viewport: { width: 1440, height: 900 } });

    test("somebody lets an app in, it calls in their name, and they take that back", async ({
      page,
      paying,
    }, info) => {
      test.setTimeout(300_000);
      const { account, consent } = texts[language];
      const { stage, root, ana } = paying;
      const program = await startProgram();
      const name = `Notebook ${language}`;
      const { app } = await post(root, "/api/admin/oauth-apps", {
        name,
        publisher: "Example Ltd",
        homepage: "https://notebook.example",
        redirect_uris: [program.address, site],
        scopes: ["profile", "email", "relay"],
        confidential: false,
        access_token_s: 3_600,
        enabled: true,
      });
      try {
        await enter(page.context(), ana);
        const trouble = watch(page);
        const allow = page.getByRole("button", { name: consent.approve, exact: true });

        // What is asked, and by whom.
        const wish = wishFor(stage, app.id, program.address);
        await page.goto(wish.address);
        await expect(page.getByText(name)).toBeVisible();
        await expect(page.locator("strong", { hasText: program.host })).toBeVisible();
        await expect(page.getByText(consent.this_computer)).toBeVisible();
        await expect(page.getByText(consent.scope.relay.text)).toBeVisible();
        await expect(page.getByText(consent.scope.email.text)).toHaveCount(0);
        await lookAt(page, info, { name: "consent", language, widths: [1440, 390] });

        // No is an answer, too.
        await page.getByRole("button", { name: consent.deny, exact: true }).click();
        await page.waitForURL(`${program.address}?**`);
        expect(program.taken().get("error")).toBe("access_denied");

        // Yes: the program gets a code, and what it sent along comes back to the letter. Any program could take its
        // place, so that it cannot be remembered.
        await page.goto(wish.address);
        await expect(allow).toBeVisible();
        await expect(page.getByRole("checkbox")).toHaveCount(0);
        await allow.click();
        await page.waitForURL(`${program.address}?**`);
        const first = program.taken();
        expect(Object.fromEntries(first)).toEqual({
          code: expect.stringMatching(/./),
          state: wish.state,
          iss: stage.url,
        });
        const token = await exchange(stage, app.id, program.address, wish, first.get("code"));

        // It calls in the name of ana, and knows who that is.
        expect(await statusOf(stage, "/v1/models", token)).toBe(200);
        const who = await fetch(`${stage.url}/oauth/userinfo`, { headers: bearer(token) });
        expect(who.status).toBe(200);
        expect(await who.text()).toContain(ana.username);

        // The site of the app can be: the same again is not asked again.
        const other = await page.context().newPage();
        await other.route(`${site}?**`, (route) => route.fulfill({ body: "Welcome back" }));
        await other.goto(wishFor(stage, app.id, site).address);
        await other.getByRole("checkbox", { name: consent.remember }).check();
        await other.getByRole("button", { name: consent.approve, exact: true }).click();
        await other.waitForURL(`${site}?**`);
        const again = wishFor(stage, app.id, site).address;
        await other.goto(again, { waitUntil: "commit" }); // it is left before it is whole
        await other.waitForURL(`${site}?**`);
        expect(new URL(other.url()).searchParams.get("code")).toMatch(/^oac_/);
        await other.close();

        // It is among the apps of the account, and loses everything at once.
        await page.goto(`${stage.url}/account`);
        const apps = page.getByRole("region", { name: account.apps.title, exact: true });
        const row = apps.getByRole("listitem").filter({ hasText: name });
        await expect(row).toContainText(account.apps.remembered);
        await expect(row.getByRole("link", { name: account.apps.key })).toBeVisible();
        await lookAt(page, info, { name: "grants", language, widths: [1440, 390] });
        await row.getByRole("button", { name: account.apps.end }).click();
        const question = page.getByRole("dialog");
        await question.getByRole("button", { name: account.apps.end, exact: true }).click();
        await expect(row).toHaveCount(0);
        await expect.poll(() => statusOf(stage, "/v1/models", token)).toBe(401);
        expect(await statusOf(stage, "/oauth/userinfo", token)).toBe(401);
        expectNoTrouble(trouble);
      } finally {
        await program.close();
        const gone = await root.api.delete(`/api/admin/oauth-apps/${app.id}`);
        expect(gone.status(), await gone.text()).toBe(204);
      }
    });

    test("an app that is set up wrongly gets nobody sent on", async ({ page, paying }, info) => {
      const { consent } = texts[language];
      const { stage, root, ana } = paying;
      const { app } = await post(root, "/api/admin/oauth-apps", {
        name: `Astray ${language}`,
        publisher: "",
        redirect_uris: ["https://astray.example/cb"],
        scopes: ["profile"],
        confidential: true,
        access_token_s: 3_600,
        enabled: true,
      });
      try {
        await enter(page.context(), ana);
        for (const [id, words] of [
          ["oa_0000000000001", consent.wrong.unknown_client],
          [app.id as string, consent.wrong.redirect_mismatch],
        ] as const) {
          const { address } = wishFor(stage, id, "https://elsewhere.example/cb");
          await page.goto(address);
          const title = page.getByRole("heading", { level: 1, name: consent.wrong.title });
          await expect(title).toBeVisible();
          await expect(page.getByText(words)).toBeVisible();
          await expect(page.getByText(consent.wrong.whom)).toBeVisible();
          expect(new URL(page.url()).origin).toBe(stage.url);
        }
        await lookAt(page, info, { name: "consent-wrong", language, widths: [1440, 390] });
      } finally {
        await root.api.delete(`/api/admin/oauth-apps/${app.id}`);
      }
    });
  });
}

/** A program on this computer that waits for somebody to come back with an answer. */
async function startProgram() {
  let last = new URLSearchParams();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://program");
    if (pathname === "/cb") last = searchParams;
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end('<!doctype html><link rel="icon" href="data:,"><title>Done</title><p>Done');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    address: `http://${host}/cb`,
    /** What it was told last. */
    taken: () => last,
    close() {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Wish {
  address: string;
  state: string;
  verifier: string;
}

/** Where a program sends somebody, with PKCE, and a `state` that looks like a number. */
function wishFor(stage: Stage, client_id: string, redirect_uri: string): Wish {
  const verifier = randomBytes(32).toString("base64url");
  const state = "1e5";
  const query = new URLSearchParams({
    response_type: "code",
    client_id,
    redirect_uri,
    scope: "profile relay",
    state,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  return { address: `${stage.url}/oauth/authorize?${query}`, state, verifier };
}

/** Makes an access token of a code. */
async function exchange(
  stage: Stage,
  client_id: string,
  redirect_uri: string,
  { verifier }: Wish,
  code: string | null,
): Promise<string> {
  const answer = await fetch(`${stage.url}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code: code ?? "",
      redirect_uri,
      client_id,
      code_verifier: verifier,
    }),
  });
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return JSON.parse(text).access_token;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function statusOf(stage: Stage, path: string, token: string): Promise<number> {
  const answer = await fetch(stage.url + path, { headers: bearer(token) });
  await answer.text();
  return answer.status;
}
