import { expect } from "@playwright/test";

import { languages, lookAt } from "./looks";
import { test } from "./paying";
import { enter } from "./people";
import { expectNoTrouble, watch } from "./trouble";

const words = {
  en: { special: "Special prices", history: "Show the history", table: "Price history" },
  "zh-CN": { special: "特殊价格", history: "显示历史", table: "价格历史" },
};

for (const { locale, language } of languages) {
  test.describe(language, () => {
    test.use({ locale, timezoneId: "UTC" });

    test("all of the price of a model, and those that it had", async ({
      page,
      context,
      paying,
    }, info) => {
      const { special, history, table } = words[language];
      await enter(context, paying.root);
      const trouble = watch(page);
      await page.goto(`${paying.stage.url}/admin/models?row=m`);
      const sheet = page.getByRole("dialog", { name: "m" });
      await sheet.getByText(special).first().click();
      await sheet.getByRole("button", { name: history }).click();
      await expect(sheet.getByRole("table", { name: table }).getByText("×2")).toBeVisible();
      await lookAt(page, info, { name: "prices", language, widths: [1440, 390] });
      expectNoTrouble(trouble);
    });
  });
}

test("a tier and a lane are saved and become a version of their own", async ({
  page,
  context,
  paying,
}) => {
  const { stage, root } = paying;
  await enter(context, root);
  await page.goto(`${stage.url}/admin/models?row=slow`);
  const sheet = page.getByRole("dialog", { name: "slow" });
  await sheet.getByText("Special prices").click();
  await sheet.getByRole("button", { name: "Add a tier" }).click();
  const tier = sheet.getByRole("list", { name: "Long prompts" }).getByRole("listitem");
  await tier.getByRole("textbox", { name: "Above" }).fill("128000");
  await tier.getByLabel("Input").fill("3");
  await sheet.getByRole("button", { name: "Add a lane" }).click();
  const lane = sheet.getByRole("list", { name: "Lanes" }).getByRole("listitem");
  await lane.getByLabel("Lane, such as priority").fill("flex");
  await lane.getByLabel("Multiplier").fill("0.5");
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(sheet).toBeHidden();
  const { items } = await (await root.api.get("/api/admin/models/slow/prices")).json();
  expect(items[0].price.terms).toEqual({
    tiers: [{ above: 128_000, input: "3" }],
    lanes: { flex: expect.stringMatching(/^0\.50*$/) },
  });
});
