import { expect, test } from "@playwright/test";

import { root } from "../src/test/fixtures";
import { keepPicture } from "./looks";
import { mockServer } from "./mock";
import { expectAccessible, expectNoSidewaysScroll, expectNoTrouble, watch } from "./trouble";

test.use({ timezoneId: "UTC" });

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("every layer opens within the content security policy, and gives the focus back", async ({
      page,
    }, info) => {
      const trouble = watch(page);
      await mockServer(page, { me: null });
      await page.goto("/dev/ui");
      for (const name of ["Open dialog", "Open sheet", "Open menu", "Open popover"]) {
        const button = page.getByRole("button", { name });
        await button.click();
        const layer = page.getByRole(name === "Open menu" ? "menu" : "dialog");
        await expect(layer).toBeVisible();
        await keepPicture(page, info, name);
        if (name !== "Open menu") await expectAccessible(page);
        await page.keyboard.press("Escape");
        await expect(layer).toBeHidden();
        await expect(button).toBeFocused();
      }
      await page.getByRole("button", { name: "Show message" }).click();
      await page.getByRole("button", { name: "Show failure" }).click();
      await expect(page.getByText("The test did not finish.", { exact: true })).toBeVisible();
      await keepPicture(page, info, "toasts");
      const policed = page.locator("style, script:not([src])");
      await expect(policed).toHaveCount(0);
      expectNoTrouble(trouble);
    });

    test("the palette finds, the list of keys shows, the menu folds", async ({ page }, info) => {
      const trouble = watch(page);
      await mockServer(page, { me: root() });
      await page.goto("/account");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Search and commands" }).fill("pro");
      await expect(page.getByRole("option", { name: /pro-1/ })).toBeVisible();
      await expectAccessible(page);
      await keepPicture(page, info, "palette");
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
      await keepPicture(page, info, "shortcuts");
      await page.keyboard.press("Escape");
      await page.keyboard.press("[");
      await expect(page.getByRole("button", { name: "Widen the menu" })).toBeVisible();
      await keepPicture(page, info, "narrow");
      await page.reload();
      await expect(page.getByRole("button", { name: "Widen the menu" })).toBeVisible();
      expectNoTrouble(trouble);
    });
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 800 }, hasTouch: true });

  test("the menu is a drawer, and a dialog fits", async ({ page }, info) => {
    await mockServer(page, { me: root() });
    await page.goto("/account");
    await page.getByRole("button", { name: "More" }).click();
    const drawer = page.getByRole("dialog", { name: /Menu/ });
    await expect(drawer).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, info, "drawer");
    await drawer.getByRole("link", { name: "Account" }).click();
    await expect(drawer).toBeHidden();
    await page.getByRole("button", { name: "End all others" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectNoSidewaysScroll(page);
    await keepPicture(page, info, "dialog");
  });
});

test("everything is reached by keyboard, beginning with the way past the menu", async ({
  page,
}) => {
  await mockServer(page, { me: root() });
  await page.goto("/account");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("language and theme are kept for the next visit, and the theme does not flash", async ({
  page,
}) => {
  await mockServer(page, { me: null });
  await page.goto("/login");
  await page.getByRole("button", { name: "Language" }).click();
  await page.getByRole("menuitemradio", { name: "中文" }).click();
  await page.getByRole("button", { name: "主题" }).click();
  await page.getByRole("menuitemradio", { name: "深色" }).click();
  await page.reload({ waitUntil: "commit" });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByRole("heading", { name: "登录" })).toBeVisible();
});

test("colours forced by the system leave every control visible", async ({ page }, info) => {
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await mockServer(page, { me: null });
  await page.goto("/dev/ui");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await keepPicture(page, info, "forced");
  const motion = await page
    .getByRole("button", { name: "Save channel" })
    .first()
    .evaluate((button) => getComputedStyle(button).transitionDuration);
  expect(motion).toMatch(/^0s/);
});

test("the policy of the page allows only itself", async ({ request }) => {
  const policy = (await request.get("/")).headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("unsafe");
});
