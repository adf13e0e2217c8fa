import { expect, type Page, test } from "@playwright/test";

import { me, root } from "../src/test/fixtures";
import { languages, lookAt } from "./looks";
import { mockServer } from "./mock";
import { expectNoTrouble, watch } from "./trouble";

const providers = [
  { id: "company", name: "Company SSO", kind: "oidc" as const },
  { id: "github", name: "GitHub", kind: "github" as const },
];

/** What is looked at: where it is, and what makes it ready. */
const pages = [
  {
    name: "login",
    path: "/login",
    who: null,
    site: { secure: false, login_providers: providers, passkeys: true },
  },
  { name: "register", path: "/register", who: null, site: { email_verification: true } },
  {
    name: "register-closed",
    path: "/register",
    who: null,
    site: { registration: "closed" as const },
  },
  { name: "forgot", path: "/forgot", who: null, site: {} },
  { name: "setup", path: "/setup", who: null, site: { setup_needed: true } },
  {
    name: "account",
    path: "/account",
    who: root(),
    site: { login_providers: providers, passkeys: true },
  },
  { name: "missing", path: "/account/nowhere", who: root(), site: {} },
  { name: "forbidden", path: "/admin", who: me(), site: {} },
  { name: "gallery", path: "/dev/ui", who: null, site: {} },
];

async function expectOneHeading(page: Page) {
  await expect(page.locator("h1").or(page.getByRole("alert").first()).first()).toBeVisible();
  expect(await page.locator("h1").count()).toBeLessThanOrEqual(1);
}

for (const { locale, language } of languages) {
  test.describe(language, () => {
    test.use({ locale, timezoneId: "UTC", viewport: { width: 1440, height: 900 } });

    for (const { name, path, who, site } of pages) {
      test(name, async ({ page }, info) => {
        const trouble = watch(page);
        await page.clock.setFixedTime("2026-11-24T10:30:00Z");
        await mockServer(page, { me: who, site });
        await page.goto(path);
        await expectOneHeading(page);
        await page.waitForLoadState("networkidle");
        await expect(page.locator("html")).toHaveAttribute("lang", language);
        expect(await page.title()).not.toBe("");
        const mixesLanguages = name === "gallery";
        await lookAt(page, info, { name, language, widths: [1440, 390, 320], mixesLanguages });
        expectNoTrouble(trouble);
      });
    }
  });
}
