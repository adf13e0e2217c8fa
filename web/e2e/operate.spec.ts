import { expect, test } from "@playwright/test";

import { dashboard, freshDashboard } from "../src/dashboard/dashboard-fixture";
import { me, root } from "../src/test/fixtures";
import { mockServer } from "./mock";
import {
  expectAccessible,
  expectNoSidewaysScroll,
  expectNoTrouble,
  expectOneLanguage,
  watch,
} from "./trouble";

/** What is looked at: where it is, who looks, what the server says, and the text that makes it ready. */
const pages = [
  {
    name: "dashboard",
    path: "/dashboard",
    who: me(),
    json: {
      "GET /api/dashboard": dashboard({
        attention: [{ kind: "failing", params: { count: "10", cause: "rate_limited" } }],
      }),
    },
  },
  {
    name: "dashboard-fresh",
    path: "/dashboard",
    who: root(),
    json: { "GET /api/dashboard": freshDashboard() },
  },
];

for (const [locale, language] of [
  ["en-US", "en"],
  ["zh-CN", "zh-CN"],
] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1440, 390, 320]) {
      test.describe(`${language}, ${colorScheme}, ${width} px`, () => {
        test.use({ locale, colorScheme, viewport: { width, height: 900 }, timezoneId: "UTC" });

        for (const { name, path, who, json } of pages) {
          test(name, async ({ page }, info) => {
            const trouble = watch(page);
            await page.clock.setFixedTime("2026-11-24T10:30:00Z");
            await mockServer(page, { me: who, json });
            await page.goto(path);
            await expect(page.locator("h1")).toHaveCount(1);
            await page.waitForLoadState("networkidle");
            await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
            await expectNoSidewaysScroll(page);
            await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
            await expectOneLanguage(page, language);
            await expectAccessible(page);
            expectNoTrouble(trouble);
          });
        }
      });
    }
  }
}
