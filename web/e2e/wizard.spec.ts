import { expect, test } from "@playwright/test";

import { countClicks } from "./clicks";
import { keepPicture } from "./looks";
import { measured } from "./measured";
import { call } from "./scene";
import { startStage } from "./stage";
import { expectNoSidewaysScroll, expectNoTrouble, watch } from "./trouble";

const mostClicks = 14;
const mostMinutes = 3;

/** What a vendor's page gives people to paste. */
const pasted = (upstream: string, key: string) => `curl ${upstream}/v1/chat/completions \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "m", "messages": [{"role": "user", "content": "Hi"}]}'`;

test("a new server answers its first call after a few clicks", async ({ page }, info) => {
  test.setTimeout((mostMinutes * 60 + 30) * 1000);
  const stage = await startStage();
  try {
    const trouble = watch(page);
    const clicks = await countClicks(page);
    const begun = Date.now();
    const shot = async (name: string) => {
      await expectNoSidewaysScroll(page);
      await keepPicture(page, info, name);
    };

    await page.goto(stage.url);
    await expect(page).toHaveURL(`${stage.url}/setup`);
    await shot("root");
    await page.getByLabel("Set-up code").fill(stage.setupCode);
    await page.getByLabel("Account name").fill("root");
    await page.getByLabel("Password", { exact: true }).fill("correct horse battery staple");
    await page.getByRole("button", { name: "Create root account" }).click();

    await expect(page.getByLabel("Site address")).toHaveValue(stage.url);
    await shot("address");
    await page.getByRole("button", { name: "Use this address" }).click();

    const paste = page.getByLabel("Paste anything");
    await paste.fill(pasted(stage.upstream, "key-refused"));
    await page.getByRole("button", { name: "Read it" }).click();
    await expect(page.getByLabel("Base URL")).toHaveValue(`${stage.upstream}/v1`);
    await page.getByLabel("Name", { exact: true }).fill("first");
    await page.getByRole("button", { name: "Test now" }).click();
    const probe = page.getByRole("region", { name: "Test" });
    await expect(probe).toContainText("401");
    await shot("refused");

    await paste.fill(pasted(stage.upstream, "key-good"));
    await page.getByRole("button", { name: "Read it" }).click();
    await page.getByRole("button", { name: "Test now" }).click();
    await expect(probe).toContainText("1 ok");
    await shot("tested");
    await page.getByRole("button", { name: "Save and enable" }).click();

    await page.getByRole("button", { name: "Create key" }).click();
    const key = await page.locator("pre", { hasText: /^sk_/ }).innerText();
    await shot("key");
    await page.getByRole("button", { name: "Next" }).click();

    await expect(page.getByText("Waiting for your first request")).toBeVisible();
    await shot("connect");
    await call(stage, key.trim(), "m");
    await expect(page.getByRole("status").filter({ hasText: "It works" })).toBeVisible();
    await shot("arrived");
    await page.getByRole("button", { name: "Next" }).click();
    await expect(page.getByText("All done: a client of yours got an answer")).toBeVisible();
    await shot("done");
    expect(await page.content(), "the key is left on the page").not.toContain(key.trim());
    await page.getByRole("button", { name: "Open the console" }).click();
    await expect(page).toHaveURL(`${stage.url}/dashboard`);

    const [count, seconds] = [await clicks(), (Date.now() - begun) / 1000];
    measured(info, `first answered call: ${count} clicks, ${seconds.toFixed(1)} s`);
    expect(count).toBeLessThanOrEqual(mostClicks);
    expect(seconds).toBeLessThanOrEqual(mostMinutes * 60);
    expectNoTrouble(trouble);
  } finally {
    await stage.close();
  }
});
