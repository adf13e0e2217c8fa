import { expect } from "@playwright/test";

import { secret, tell } from "./gateway";
import { lookAt } from "./looks";
import { test } from "./paying";
import { enter } from "./people";
import { put } from "./scene";
import { expectNoTrouble, watch } from "./trouble";

const terms = {
  currencies: {
    CNY: {
      credit: "0.14",
      minimum: 1000,
      presets: [5000, 10000],
      bonuses: [{ from: 10000, extra: "0.1" }],
    },
  },
};

test("a payment channel is set up, an order is made, and what the gateway tells is on the balance", async ({
  page,
  context,
  request,
  paying,
}, info) => {
  const { stage, root, ben } = paying;
  await put(root, "/api/admin/settings/site_base_url", { value: stage.url });
  await put(root, "/api/admin/settings/top_up", { value: JSON.stringify(terms) });
  await enter(context, root);
  const trouble = watch(page);
  await page.goto(`${stage.url}/admin/payment-channels`);
  await page.getByRole("button", { name: "New payment channel" }).first().click();
  const form = page.getByRole("dialog", { name: "New payment channel" });
  await form.getByText("Webhook", { exact: true }).click();
  await form.getByLabel("Name").fill("Invoice");
  await form.getByLabel("Shared secret").fill(secret);
  await lookAt(page, info, { name: "channel-form", language: "en", widths: [390, 1440] });
  await form.getByRole("button", { name: "Make" }).click();
  const notify = (await form.locator("pre").textContent()) ?? "";
  expect(notify).toContain("/api/pay/py_");
  await form.getByRole("button", { name: "Done" }).click();
  await page
    .getByRole("button", { name: /^More.*Invoice|Invoice/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Change" }).click();
  const sheet = page.getByRole("dialog", { name: "Invoice" });
  await lookAt(page, info, { name: "channel-change", language: "en", widths: [390, 1440] });
  await sheet.getByLabel("Name").fill("By invoice");
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("grid").getByText("By invoice")).toBeVisible();
  expectNoTrouble(trouble);

  await context.clearCookies();
  await enter(context, ben);
  const before = await (await ben.api.get("/api/balance")).json();
  await page.goto(`${stage.url}/topup`);
  await page.getByRole("button", { name: "100.00" }).click();
  await expect(
    page.getByText("$15.40 comes to your balance, $1.40 of it as a bonus."),
  ).toBeVisible();
  await page.getByRole("combobox", { name: "Pay by" }).selectOption("By invoice");
  await lookAt(page, info, { name: "topup", language: "en", widths: [390, 1440] });
  await page.getByRole("button", { name: "Order", exact: true }).click();
  const said = await page.getByText(/Order or_\w+ waits for its payment/).textContent();
  const order = /or_\w+/.exec(said ?? "")?.[0] ?? "";

  await page.goto(`${stage.url}/pay/${order}/success`);
  await expect(page.getByText(/Waiting for the gateway to confirm/)).toBeVisible();
  for (let turn = 0; turn < 3; turn += 1) {
    await tell(request, notify.trim(), order, "100.00");
  }
  await expect(page.getByText("It has arrived: $15.40 is on your balance.")).toBeVisible();
  const after = await (await ben.api.get("/api/balance")).json();
  expect(Number(after.available_usd) - Number(before.available_usd)).toBeCloseTo(15.4, 9);
  expectNoTrouble(trouble);
});
