import { expect, type Page } from "@playwright/test";

import { chooseItem, expectFocusKept, pressOn, tabTo } from "./keyboard";
import { addUser, enter, password } from "./people";
import { put } from "./scene";
import { test } from "./seeded";
import { expectNoSidewaysScroll, expectNoTrouble, watch } from "./trouble";

/** Opens a page by its name, from wherever one is. */
async function goTo(page: Page, name: string) {
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Search and commands" })).toBeFocused();
  await page.keyboard.type(name);
  await expect(page.getByRole("option", { selected: true })).toContainText(name);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

for (const width of [1440, 320]) {
  test.describe(`by keyboard alone, ${width} px`, () => {
    test.use({
      viewport: { width, height: 720 },
      permissions: ["clipboard-read", "clipboard-write"],
    });

    test("sign in, skip the menu, make a key and copy it", async ({ page, seeded }) => {
      const { stage, root } = seeded;
      const name = `keys-${width}`;
      await addUser(stage, root, name);
      const trouble = watch(page);
      await page.goto(`${stage.url}/login`);
      await expect(page.getByLabel("Account or e-mail")).toBeFocused();
      await page.keyboard.type(name);
      await tabTo(page, page.getByLabel("Password", { exact: true }));
      await page.keyboard.type(password);
      await expectNoSidewaysScroll(page);
      await page.keyboard.press("Enter");
      await expect(page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();

      await page.keyboard.press("Tab");
      await expect(page.getByRole("link", { name: /^Skip/ })).toBeFocused();
      await page.keyboard.press("Enter");
      await expect(page.getByRole("main")).toBeFocused();
      // As long as the page loads there may be nothing in it to go to.
      await expect(page.getByRole("main").getByRole("link").first()).toBeVisible();
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.closest("main")?.id)).toBe(
        "content",
      );

      await goTo(page, "API keys");
      await pressOn(page, page.getByRole("button", { name: "Create key" }).first());
      const sheet = page.getByRole("dialog", { name: "Create key" });
      await expect(sheet.getByLabel("Name")).toBeFocused();
      await page.keyboard.press("Escape");
      await expect(sheet).toBeHidden();
      await expect(page.getByRole("button", { name: "Create key" }).first()).toBeFocused();
      await page.keyboard.press("Enter");
      await page.keyboard.type("by hand");
      await page.keyboard.press("Enter");

      const made = page.getByRole("dialog", { name: "Your key" });
      await expectNoSidewaysScroll(page);
      await pressOn(page, made.getByRole("button", { name: /^Copy/ }).first());
      const key = (await made.locator("pre").first().innerText()).trim();
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(key);
      await pressOn(page, made.getByRole("button", { name: "I saved it" }));
      await expect(made).toBeHidden();
      await expectFocusKept(page);
      await expect(page.getByText("by hand").first()).toBeVisible();
      await expectNoSidewaysScroll(page);
      expectNoTrouble(trouble);
    });

    test("disable a channel and enable it again", async ({ page, context, seeded }) => {
      await enter(context, seeded.root);
      const trouble = watch(page);
      await page.goto(`${seeded.stage.url}/admin`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await goTo(page, "Channels");
      await expect(page.getByText("brittle").first()).toBeVisible();
      const menu = page
        .getByRole("button", { name: /brittle/ })
        .and(page.locator("[aria-haspopup]"));
      for (const verb of ["Disable", "Enable"]) {
        if (width > 768) {
          // In a grid the rows have the arrows, and the menu a key.
          const row = page.locator("tr[data-row]", { hasText: "brittle" });
          await tabTo(page, page.locator("tr[data-row][tabindex='0']"));
          for (let at = 0; at < 10; at += 1) {
            if (await row.evaluate((element) => element === document.activeElement)) break;
            await page.keyboard.press("ArrowDown");
          }
          await expect(row).toBeFocused();
          await page.keyboard.press(".");
        } else {
          await pressOn(page, menu);
        }
        await chooseItem(page, page.getByRole("menuitem", { name: verb }));
        const question = page.getByRole("dialog");
        await expectNoSidewaysScroll(page);
        await pressOn(page, question.getByRole("button", { name: new RegExp(`^${verb}`) }));
        await expect(question).toBeHidden();
        await expectFocusKept(page);
        const { enabled } = await (await seeded.root.api.get("/api/admin/channels/brittle")).json();
        expect(enabled ?? true).toBe(verb === "Enable");
      }
      await expectNoSidewaysScroll(page);
      expectNoTrouble(trouble);
    });

    test("find a request by its id and read why it failed", async ({ page, context, seeded }) => {
      await enter(context, seeded.ana);
      const trouble = watch(page);
      await page.goto(`${seeded.stage.url}/account`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await tabTo(page, page.getByRole("button", { name: /^Search/ }).first());
      const before = page.locator(":focus");
      await page.keyboard.press("Enter");
      await expect(page.getByRole("combobox", { name: "Search and commands" })).toBeFocused();
      await page.keyboard.press("Escape");
      await expect(before).toBeFocused();
      await page.keyboard.press("Control+k");
      await page.keyboard.type(seeded.calls.ana.failed);
      await page.keyboard.press("Enter");
      await expect(page.getByText(/nobody answered/i).first()).toBeVisible();
      await expectNoSidewaysScroll(page);
      // It opens beside the list: the way out leads back to something that has the focus.
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await expectFocusKept(page);
      expectNoTrouble(trouble);
    });

    test("change a setting and save it", async ({ page, context, seeded }) => {
      await enter(context, seeded.root);
      const trouble = watch(page);
      await page.goto(`${seeded.stage.url}/admin/settings`);
      const name = page.getByLabel("Site name", { exact: true });
      await tabTo(page, name);
      await page.keyboard.press("Control+a");
      await page.keyboard.type(`House ${width}`);
      await expectNoSidewaysScroll(page);
      await pressOn(page, page.getByRole("button", { name: "Save", exact: true }));
      await expect(page.getByRole("button", { name: "Save", exact: true })).toBeHidden();
      await expectFocusKept(page);
      const path = "/api/admin/settings/site_name";
      expect((await (await seeded.root.api.get(path)).json()).value).toBe(`House ${width}`);
      await put(seeded.root, path, { value: "Realms" });
      expectNoTrouble(trouble);
    });
  });
}
