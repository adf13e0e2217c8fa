import { expect } from "@playwright/test";

import { secret, tell } from "./gateway";
import { lookAt } from "./looks";
import { post, test } from "./paying";
import { enter } from "./people";
import { addKey, call, put } from "./scene";
import { expectNoTrouble, watch } from "./trouble";

test("a plan is bought, is theirs once the gateway has told, and pays for the next call", async ({
  page,
  context,
  request,
  paying,
}, info) => {
  const { stage, root, ben } = paying;
  await put(root, "/api/admin/settings/site_base_url", { value: stage.url });
  const till = { name: "Till", kind: "webhook", gateway: { sign_secret: secret } };
  const { id } = await post(root, "/api/admin/payment-channels", till);
  const { key } = await addKey(ben, "laptop");
  await enter(context, ben);
  const trouble = watch(page);
  await page.goto(`${stage.url}/subscription`);
  await expect(page.getByText("You have no plan")).toBeVisible();
  const month = page.getByRole("row").filter({ hasText: "A month of everything" });
  await month.getByRole("button", { name: "Buy" }).click();
  const dialog = page.getByRole("dialog", { name: "Buy A month of everything" });
  await lookAt(page, info, { name: "buy", language: "en", widths: [390, 1440] });
  await dialog.getByLabel("Pay by").selectOption("Till");
  await dialog.getByRole("button", { name: "Order", exact: true }).click();
  const said = await page.getByText(/Order or_\w+ waits for its payment/).textContent();
  const order = /or_\w+/.exec(said ?? "")?.[0] ?? "";

  await page.goto(`${stage.url}/pay/${order}/success`);
  await expect(page.getByText(/Waiting for the gateway to confirm/)).toBeVisible();
  await tell(request, `${stage.url}/api/pay/${id}/notify`, order, "50.00");
  await expect(page.getByText("time of A month of everything is yours")).toBeVisible();
  await page.goto(`${stage.url}/subscription`);
  const held = page.getByRole("region", { name: "A month of everything" });
  await expect(held.getByText("Running")).toBeVisible();
  await expect(held.getByText("$0.00 of $5.00 used")).toBeVisible();
  const available = async () => (await (await ben.api.get("/api/balance")).json()).available_usd;
  const before = await available();
  await call(stage, key);
  await expect(held.getByText("$0.00 of $5.00 used")).toBeHidden();
  await lookAt(page, info, { name: "held", language: "en", widths: [390, 1440] });
  expect(await available()).toBe(before);
  expectNoTrouble(trouble);
});
