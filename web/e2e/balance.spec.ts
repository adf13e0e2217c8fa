import { expect } from "@playwright/test";

import { lookAt } from "./looks";
import { test } from "./paying";
import { enter } from "./people";
import { expectNoTrouble, watch } from "./trouble";

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

test("root gives by hand: once, with a reason, and both see it", async ({
  page,
  context,
  paying,
}, info) => {
  const { stage, root, ben } = paying;
  await enter(context, root);
  const trouble = watch(page);
  await page.goto(`${stage.url}/admin/users/ben/balance`);
  await page.getByRole("button", { name: "Adjust" }).click();
  const form = page.getByRole("dialog", { name: "Adjust the balance of ben" });
  await form.getByLabel("Amount").fill("12.5");
  await form.getByLabel("Reason").fill("Invoice 7");
  await expect(form.getByText("$0.00 → $12.50")).toBeVisible();
  await lookAt(page, info, { name: "adjust", language: "en", widths: [390, 1440] });
  await form.getByRole("button", { name: "Give $12.50" }).dblclick();
  await expect(form).toBeHidden();
  await expect(
    page.getByRole("row", { name: /Adjustment \+\$12.50 Invoice 7 root/ }),
  ).toBeVisible();
  const { available_usd } = await (await ben.api.get("/api/balance")).json();
  expect(Number(available_usd)).toBe(12.5);
  // More than there is cannot be taken.
  await page.getByRole("button", { name: "Adjust" }).click();
  await form.getByLabel("Amount").fill("-20");
  await form.getByLabel("Reason").fill("Too much");
  expectNoTrouble(trouble);
  await form.getByRole("button", { name: "Take $20.00" }).click();
  await expect(form.getByText("Nothing was moved: only $12.50 is available.")).toBeVisible();
});

test("codes are made, handed out and redeemed once", async ({ page, context, paying }, info) => {
  const { stage, root, ben } = paying;
  await enter(context, root);
  const trouble = watch(page);
  await page.goto(`${stage.url}/admin/redemption-codes`);
  await page.getByRole("button", { name: "New codes" }).first().click();
  const form = page.getByRole("dialog", { name: "New codes" });
  await form.getByLabel("Batch").fill("spring");
  await form.getByLabel("Worth").fill("2.5");
  await form.getByLabel("How many").fill("3");
  await lookAt(page, info, { name: "codes-form", language: "en", widths: [390, 1440] });
  await form.getByRole("button", { name: "Make" }).click();
  const made = page.getByRole("dialog", { name: "3 codes were made" });
  const [code = ""] = ((await made.locator("pre").textContent()) ?? "").split("\n");
  expect(code).toMatch(/^(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}$/);
  await made.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("row", { name: /spring/ })).toHaveCount(3);
  expectNoTrouble(trouble);

  await context.clearCookies();
  await enter(context, ben);
  await page.goto(`${stage.url}/balance`);
  const before = await (await ben.api.get("/api/balance")).json();
  await page.getByRole("button", { name: "Redeem a code" }).click();
  const redeem = page.getByRole("dialog", { name: "Redeem a code" });
  await redeem.getByLabel("Code").fill(code.toLowerCase());
  await lookAt(page, info, { name: "redeem", language: "en", widths: [390, 1440] });
  await redeem.getByRole("button", { name: "Redeem" }).click();
  await expect(page.getByText("$2.50 came to your balance", { exact: true })).toBeVisible();
  const after = await (await ben.api.get("/api/balance")).json();
  expect(Number(after.available_usd) - Number(before.available_usd)).toBeCloseTo(2.5, 9);
  expectNoTrouble(trouble);
  await page.getByRole("button", { name: "Redeem a code" }).click();
  await redeem.getByLabel("Code").fill(code);
  await redeem.getByRole("button", { name: "Redeem" }).click();
  await expect(redeem.getByText("You used this before.")).toBeVisible();
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
