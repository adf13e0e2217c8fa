import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";

import { healthBody } from "../src/health/health-fixture";

const wcag = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

/** What must never happen on a page, collected while it runs. */
interface Trouble {
  errors: string[];
  foreignRequests: string[];
}

function watch(page: Page): Trouble {
  const trouble: Trouble = { errors: [], foreignRequests: [] };
  page.on("pageerror", (error) => trouble.errors.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) trouble.errors.push(message.text());
  });
  page.on("request", (request) => {
    const host = new URL(request.url()).hostname;
    if (host !== "127.0.0.1") trouble.foreignRequests.push(request.url());
  });
  return trouble;
}

async function serverAnswers(page: Page, body: Record<string, unknown>) {
  await page.route("**/healthz", (route) => route.fulfill({ json: body }));
}

async function expectNoSidewaysScroll(page: Page) {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
}

for (const width of [1440, 390, 320]) {
  for (const scheme of ["light", "dark"] as const) {
    for (const [locale, running] of [
      ["en-US", "Running"],
      ["zh-CN", "运行中"],
    ] as const) {
      test.describe(`${width} px, ${scheme}, ${locale}`, () => {
        test.use({ viewport: { width, height: 900 }, colorScheme: scheme, locale });

        test("the page reads well and breaks no rule", async ({ page }, info) => {
          const trouble = watch(page);
          await serverAnswers(page, healthBody());
          await page.goto("/");
          await expect(page.getByText(running)).toBeVisible();
          await expect(page.locator("html")).toHaveAttribute(
            "lang",
            locale.slice(0, 2) === "zh" ? "zh-CN" : "en",
          );
          await expectNoSidewaysScroll(page);
          await page.screenshot({ path: info.outputPath("page.png"), fullPage: true });
          const { violations } = await new AxeBuilder({ page }).withTags(wcag).analyze();
          expect(violations).toEqual([]);
          expect(trouble).toEqual({ errors: [], foreignRequests: [] });
        });
      });
    }
  }
}

for (const scheme of ["light", "dark"] as const) {
  test(`something to mend, ${scheme}`, async ({ page }, info) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width: 390, height: 900 });
    const database = { state: "unreachable", latency_ms: null, kind: "postgres" };
    const catalog = { version: 7, defects: 2 };
    await serverAnswers(
      page,
      healthBody({ ok: false, setup: "needed", models: 0, database, catalog }),
    );
    await page.goto("/");
    await expect(page.getByText("Needs attention")).toBeVisible();
    await expectNoSidewaysScroll(page);
    await page.screenshot({ path: info.outputPath("page.png"), fullPage: true });
    const { violations } = await new AxeBuilder({ page }).withTags(wcag).analyze();
    expect(violations).toEqual([]);
  });
}

test("a server that is away is told, and found again by itself", async ({ page }, info) => {
  await page.clock.install();
  await page.route("**/healthz", (route) => route.abort("connectionrefused"));
  await page.goto("/");
  await expect(page.getByText("Not reachable")).toBeVisible();
  await page.screenshot({ path: info.outputPath("page.png"), fullPage: true });
  const { violations } = await new AxeBuilder({ page }).withTags(wcag).analyze();
  expect(violations).toEqual([]);
  await page.unroute("**/healthz");
  await serverAnswers(page, healthBody());
  await page.clock.runFor(6_000);
  await expect(page.getByText("Running")).toBeVisible();
});

test("everything is reached by keyboard, beginning with the way past the header", async ({
  page,
}) => {
  await serverAnswers(page, healthBody());
  await page.goto("/");
  await expect(page.getByText("Running")).toBeVisible();
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // unfolds the first step
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Copy manifest.toml" })).toBeFocused();
});

test("the first root user is made with the code", async ({ page }) => {
  const trouble = watch(page);
  await serverAnswers(page, healthBody({ setup: "needed", models: 0 }));
  await page.route("**/api/setup", (route) =>
    route.fulfill({ status: 201, json: { username: "ana" } }),
  );
  await page.goto("/");
  await page.getByLabel("Set-up code").fill("k3m9-x7p2-0a4q-zz8r-5cde");
  await page.getByLabel("User name").fill("ana.b-c_d");
  await page.getByLabel("Password").fill("eight or more");
  await serverAnswers(page, healthBody({ models: 0 }));
  await page.getByRole("button", { name: "Create root user" }).click();
  await expect(page.getByRole("heading", { name: /root user.*Done/ })).toBeVisible();
  expect(trouble).toEqual({ errors: [], foreignRequests: [] });
});

test("language and theme are kept for the next visit, and the theme does not flash", async ({
  page,
}) => {
  await serverAnswers(page, healthBody());
  await page.goto("/");
  await page.getByText("中文", { exact: true }).click();
  await page.getByText("深色", { exact: true }).click();
  await page.reload();
  await expect(page.getByText("运行中")).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("the policy of the page allows only itself", async ({ page, request }) => {
  const policy = (await request.get("/")).headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("unsafe");
  await serverAnswers(page, healthBody());
  await page.goto("/");
  await expect(page.locator("script:not([src]), style, [style]")).toHaveCount(0);
});
