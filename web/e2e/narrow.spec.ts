import { expect } from "@playwright/test";

import { enter } from "./people";
import { viewsOf } from "./routes";
import { test } from "./seeded";
import { follow } from "./traffic";
import { expectNoSidewaysScroll } from "./trouble";

test.use({ viewport: { width: 320, height: 700 } });

for (const who of ["anyone", "ana", "root"] as const) {
  test(`nothing is wider than 320 px for ${who}`, async ({ page, context, seeded }) => {
    if (who !== "anyone") await enter(context, seeded[who]);
    const traffic = follow(page);
    const faults: string[] = [];
    for (const { path } of viewsOf(who, seeded)) {
      traffic.clear();
      await page.goto(seeded.stage.url + path);
      await expect(page.locator("h1").first()).toBeVisible();
      await traffic.settle();
      await expectNoSidewaysScroll(page).catch((error) => faults.push(`${path}: ${error.message}`));
    }
    expect(faults.join("\n\n")).toBe("");
  });
}
