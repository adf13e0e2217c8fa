import { expect, type Page } from "@playwright/test";

import { enter, restPointer } from "./people";
import { test } from "./seeded";

/** Before a page can be used: what it takes now, so that it grows no further. The goal is 18. */
const mostRequests = { "/login": 52, "/dashboard": 102 };
/** So long nothing must be asked. */
const idleMs = 5_000;

function requestsOf(page: Page): URL[] {
  const requests: URL[] = [];
  page.on("request", (request) => requests.push(new URL(request.url())));
  return requests;
}

/** Waits until what was begun has been asked: nothing for a second. */
async function settle(page: Page) {
  let last = Date.now();
  const asked = () => {
    last = Date.now();
  };
  page.on("request", asked);
  await expect.poll(() => Date.now() - last).toBeGreaterThan(1_000);
  page.off("request", asked);
}

for (const path of ["/login", "/dashboard"] as const) {
  test(`${path} takes few requests, and no font`, async ({ page, context, seeded }) => {
    if (path !== "/login") await enter(context, seeded.ana);
    const requests = requestsOf(page);
    await page.goto(seeded.stage.url + path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const asked = requests.map(({ pathname }) => pathname);
    expect(asked.length, asked.join(" ")).toBeLessThanOrEqual(mostRequests[path]);
    expect(asked.filter((one) => /\.(?:woff2?|ttf|otf)$/.test(one))).toEqual([]);
  });
}

test("a tab that nobody sees asks for nothing", async ({ page, context, seeded }) => {
  await enter(context, seeded.ana);
  const second = await context.newPage();
  for (const tab of [page, second]) {
    await tab.goto(`${seeded.stage.url}/usage`);
    await expect(tab.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(tab.getByRole("grid").locator("tr[data-row]").first()).toBeVisible();
    await restPointer(tab);
    await settle(tab);
  }
  // Headless pages are always visible: the page is told otherwise.
  for (const tab of [page, second]) {
    await tab.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
  }
  const later = [requestsOf(page), requestsOf(second)];
  await page.evaluate((ms) => new Promise((done) => setTimeout(done, ms)), idleMs);
  expect(later.flat().map(({ pathname }) => pathname)).toEqual([]);
});
