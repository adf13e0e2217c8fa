import { expect, type Page } from "@playwright/test";

import { languages, lookAt } from "./looks";
import { enter } from "./people";
import { allRoutes, isOfBusiness, viewsOf, type Who } from "./routes";
import { test } from "./seeded";
import { follow, type Traffic } from "./traffic";
import { expectNoTrouble, type Trouble, watch } from "./trouble";

/** Where people pay there are more pages: `paid-pages.spec.ts` looks at those. */

/** A page asks once for each thing it shows, never once per row. */
const mostCalls = 4;

async function expectOneHeading(page: Page) {
  await expect(page.locator("h1")).toHaveCount(1);
  await expect(page.locator("h1")).toBeVisible();
  expect(await page.title()).not.toBe("");
}

function expectFewCalls(traffic: Traffic) {
  const asked = traffic.asked();
  expect(asked.length, asked.join(" ")).toBeLessThanOrEqual(mostCalls);
  expect(new Set(asked).size, `asked twice: ${asked.join(" ")}`).toBe(asked.length);
}

const nameOf = (path: string) => path.replaceAll(/\W+/g, "-").slice(1, 60) || "home";

function clear(trouble: Trouble) {
  for (const list of Object.values(trouble)) list.length = 0;
}

test("every route has its turn", ({ seeded }) => {
  const seen = new Set(
    (["anyone", "ana", "root"] as const).flatMap((who) =>
      viewsOf(who, seeded).map(({ route }) => route),
    ),
  );
  const missing = allRoutes().filter((route) => !seen.has(route));
  expect(missing).toEqual(["/", "/dev/ui", "/oauth/authorize"]);
});

for (const { locale, language } of languages) {
  for (const width of [1440, 390]) {
    test.describe(`${language}, ${width} px`, () => {
      test.use({ locale, viewport: { width, height: 900 }, timezoneId: "UTC" });

      for (const who of ["anyone", "ana", "root"] as Who[]) {
        test(`every page as ${who} sees it`, async ({ page, context, seeded }, info) => {
          test.setTimeout(600_000); // far longer than it takes, also on a busy machine
          if (who !== "anyone") await enter(context, seeded[who]);
          const trouble = watch(page);
          const traffic = follow(page);
          const faults: string[] = [];
          const views = viewsOf(who, seeded).filter((view) => !isOfBusiness(view));
          for (const [at, { path }] of views.entries()) {
            traffic.clear();
            clear(trouble);
            // Half of the pages load dark, and are light afterwards.
            await page.emulateMedia({ colorScheme: at % 2 === 0 ? "light" : "dark" });
            const checks: (() => unknown)[] = [
              () => page.goto(seeded.stage.url + path),
              () => expect(page.locator("h1").first()).toBeVisible(),
              () => traffic.settle(),
              () => expect(page.locator("html")).toHaveAttribute("lang", language),
              () => expectOneHeading(page),
              () => expectFewCalls(traffic),
              () => lookAt(page, info, { name: nameOf(path), language, widths: [width] }),
              () => expectNoTrouble(trouble),
            ];
            for (const check of checks) {
              try {
                await check();
              } catch (error) {
                faults.push(`${path}: ${(error as Error).message}`);
              }
            }
          }
          expect(faults.join("\n\n")).toBe("");
        });
      }
    });
  }
}
