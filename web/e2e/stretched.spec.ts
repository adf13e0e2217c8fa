import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";

import { pseudoTexts } from "../src/i18n/pseudo";
import { enter } from "./people";
import { viewsOf } from "./routes";
import { test } from "./seeded";
import { follow } from "./traffic";
import { expectNoSidewaysScroll } from "./trouble";

/** English texts 40 % longer and accented, in place of the files of English that the page fetches. */
async function stretchTexts(page: Page) {
  // Where Vite puts it, or where scripts/budget.mjs moves it.
  const places = ["../dist/.vite", "../node_modules/.vite"].map((place) =>
    join(import.meta.dirname, place, "manifest.json"),
  );
  const manifest = readFileSync(places.find(existsSync) ?? "", "utf8");
  const files: Record<string, { file: string }> = JSON.parse(manifest);
  const texts = new Map<string, string>();
  for (const [source, { file }] of Object.entries(files)) {
    const area = /^src\/i18n\/en\/(\w+)\.ts$/.exec(source)?.[1];
    if (area !== undefined) texts.set(`/${file}`, area);
  }
  expect(texts.size).toBeGreaterThan(10);
  await page.route(
    ({ pathname }) => texts.has(pathname),
    async (route) => {
      const area = texts.get(new URL(route.request().url()).pathname);
      const { default: english } = await import(`../src/i18n/en/${area}.ts`);
      const body = `export default ${JSON.stringify(pseudoTexts(english))};`;
      await route.fulfill({ contentType: "text/javascript", body });
    },
  );
}

/** Controls whose words do not fit: cut off without the dots that say so, or sticking out of their box. */
const cutOff = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("button, a, label, h1, h2, [role=tab], [role=status]")].flatMap(
      (element) => {
        const { overflowX, textOverflow, clip } = getComputedStyle(element);
        const cut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
        const hides = overflowX === "hidden" || overflowX === "clip";
        const isForEars = element.classList.contains("sr-only") || clip !== "auto";
        return cut && hides && textOverflow !== "ellipsis" && !isForEars
          ? [element.textContent?.trim().slice(0, 60) ?? ""]
          : [];
      },
    ),
  );

for (const who of ["anyone", "ana", "root"] as const) {
  test(`texts 40 % longer fit on every page as ${who} sees it`, async ({
    page,
    context,
    seeded,
  }) => {
    test.setTimeout(600_000); // far longer than it takes, also on a busy machine
    if (who !== "anyone") await enter(context, seeded[who]);
    await stretchTexts(page);
    const traffic = follow(page);
    const faults: string[] = [];
    for (const { path } of viewsOf(who, seeded)) {
      traffic.clear();
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(seeded.stage.url + path);
      await expect(page.locator("h1").first()).toBeVisible();
      await traffic.settle();
      await expect(page.getByText(/·{2,}\]/).first()).toBeVisible();
      for (const width of [1440, 320]) {
        await page.setViewportSize({ width, height: 900 });
        try {
          await expectNoSidewaysScroll(page);
          await expect.poll(() => cutOff(page), "cut off").toEqual([]);
        } catch (error) {
          faults.push(`${path} at ${width} px: ${(error as Error).message.slice(0, 400)}`);
        }
      }
    }
    expect(faults.join("\n\n")).toBe("");
  });
}
