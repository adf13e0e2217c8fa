import { expect } from "@playwright/test";

import { languages, lookAt } from "./looks";
import { test } from "./paying";
import { enter } from "./people";
import { follow } from "./traffic";
import { expectNoTrouble, watch } from "./trouble";

const pages = [
  { who: "ana", path: "/balance", asks: ["/api/balance", "/api/balance/entries"] },
  { who: "ben", path: "/balance", asks: ["/api/balance", "/api/balance/entries"] },
  { who: "ana", path: "/dashboard", asks: ["/api/balance"] },
] as const;

for (const { locale, language } of languages) {
  test.describe(language, () => {
    test.use({ locale, timezoneId: "UTC" });

    for (const { who, path, asks } of pages) {
      test(`${path} as ${who} sees it where people pay`, async ({
        page,
        context,
        paying,
      }, info) => {
        await enter(context, paying[who]);
        const trouble = watch(page);
        const traffic = follow(page);
        await page.goto(paying.stage.url + path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        for (const ask of asks) await expect.poll(() => traffic.asked()).toContain(ask);
        await traffic.settle();
        expect(traffic.asked().length, traffic.asked().join(" ")).toBeLessThanOrEqual(4);
        const name = `${who}${path.replaceAll("/", "-")}`;
        await lookAt(page, info, { name, language, widths: [1440, 390] });
        expectNoTrouble(trouble);
      });
    }
  });
}

test("a statement goes on page by page, and leads to the trace of a call", async ({
  page,
  context,
  paying,
}) => {
  await enter(context, paying.ana);
  const trouble = watch(page);
  await page.goto(`${paying.stage.url}/balance`);
  const statement = page.getByRole("region", { name: "Movements" });
  await expect(statement.getByRole("status").filter({ hasText: "1–50, and more" })).toBeVisible();
  await statement.getByRole("button", { name: "Load more" }).click();
  await expect(statement.getByRole("status").filter({ hasText: "1–55 of 55" })).toBeVisible();
  await page.getByRole("link", { name: `Trace of call ${paying.charged}` }).click();
  await expect(page).toHaveURL(`${paying.stage.url}/usage/${paying.charged}`);
  expectNoTrouble(trouble);
});

test("the file has every movement, and text in it stays text", async ({
  page,
  context,
  paying,
}) => {
  await enter(context, paying.ana);
  await page.goto(`${paying.stage.url}/balance`);
  await page.getByRole("button", { name: "Export" }).click();
  const saved = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "CSV" }).click();
  expect((await saved).suggestedFilename()).toBe("balance.csv");
});
