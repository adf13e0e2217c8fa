import { expect } from "@playwright/test";

import { countClicks } from "./clicks";
import { keepPicture } from "./looks";
import { measured } from "./measured";
import { enter } from "./people";
import { test } from "./seeded";
import { expectAccessible, expectNoTrouble, watch } from "./trouble";

const mostClicks = 3;

for (const who of ["root", "ana"] as const) {
  test(`the id of a request tells ${who} why it went where it went`, async ({
    page,
    context,
    seeded,
  }, info) => {
    const { stage, calls } = seeded;
    await enter(context, seeded[who]);
    const trouble = watch(page);
    const clicks = await countClicks(page);
    await page.goto(`${stage.url}/account`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();

    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search and commands" }).fill(calls[who].failedOver);
    await page.getByRole("option", { name: calls[who].failedOver }).first().click();

    const [first, second] = ["limited", "steady"];
    await expect(page.getByText(new RegExp(`${second}.* answered after .*429`))).toBeVisible();
    await expect(page.getByText(/cost \$0\.\d+/)).toBeVisible();
    const funnel = page.getByRole("region", { name: "Why this channel" });
    await expect(funnel).toContainText("Order to try");
    const attempts = page.getByRole("region", { name: "Attempts" }).first();
    await expect(attempts.getByRole("row")).toHaveCount(3);
    await expect(attempts).toContainText(first);
    await expect(page.getByRole("region", { name: "Cost" }).first()).toContainText("1.25");
    const count = await clicks();
    measured(info, `from an id to its trace, ${who}: ${count} clicks`);
    expect(count).toBeLessThanOrEqual(mostClicks);
    await keepPicture(page, info, "trace");
    await expectAccessible(page);
    expectNoTrouble(trouble);
  });
}

test("an id that nobody knows says so", async ({ page, context, seeded }) => {
  await enter(context, seeded.root);
  await page.goto(`${seeded.stage.url}/account`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  const search = page.getByRole("combobox", { name: "Search and commands" });
  await search.fill("00000000-0000-7000-8000-000000000000");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toBeVisible();
});
