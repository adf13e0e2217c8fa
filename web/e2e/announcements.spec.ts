import { type Browser, expect, type Page } from "@playwright/test";

import officeEn from "../src/i18n/en/announcement_office";
import readerEn from "../src/i18n/en/announcements";
import readerZh from "../src/i18n/zh-CN/announcements";
import { test } from "./paying";
import { enter, type Person } from "./people";
import type { Stage } from "./stage";
import { expectAccessible, expectNoSidewaysScroll, expectNoTrouble, watch } from "./trouble";

const texts = {
  en: { title: "New terms", body: "Please read the **new terms**.", strong: "new terms" },
  zh: { title: "新的条款", body: "请阅读**新条款**。", strong: "新条款" },
};

test.use({ locale: "en-US", timezoneId: "UTC", viewport: { width: 1440, height: 900 } });

test("root asks everybody to read something, and each is asked once, in their language", async ({
  page,
  browser,
  paying,
}) => {
  test.setTimeout(120_000);
  const { stage, root, ana, ben } = paying;
  try {
    await enter(page.context(), root);
    const trouble = watch(page);
    // Without motion, or colours would be looked at on their way.
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.goto(`${stage.url}/admin/announcements`);
    await page.getByRole("button", { name: officeEn.make }).click();
    const sheet = page.getByRole("dialog", { name: officeEn.make });
    for (const language of ["en", "zh"] as const) {
      const { title, body } = texts[language];
      await sheet.getByLabel(officeEn.form.title[language]).fill(title);
      await sheet.getByRole("textbox", { name: officeEn.form.body[language] }).fill(body);
    }
    await sheet.getByRole("checkbox", { name: officeEn.form.must_acknowledge }).check();
    // The radio buttons themselves are out of sight: their labels are pressed.
    await sheet.getByText(officeEn.form.starts.now, { exact: true }).click();
    await sheet.getByRole("button", { name: officeEn.form.publish, exact: true }).click();
    await expect(sheet).toBeHidden();

    // Whoever writes it is asked like everybody else.
    await acknowledge(page, texts.en, readerEn.urgent.read);
    const row = page.getByRole("row").filter({ hasText: texts.en.title });
    await expect(row.getByText(officeEn.state.live)).toBeVisible();
    expectNoTrouble(trouble);

    await askedOnce(browser, stage, ben, "en-US", texts.en, readerEn.urgent.read);
    await askedOnce(browser, stage, ana, "zh-CN", texts.zh, readerZh.urgent.read);
    const { reads } = (await announcedBy(root))[0] ?? {};
    expect(reads).toBe(3);
  } finally {
    // The other tests are asked nothing.
    for (const { id } of await announcedBy(root)) {
      const gone = await root.api.delete(`/api/admin/announcements/${id}`);
      expect(gone.status(), await gone.text()).toBe(204);
    }
  }
});

type Text = (typeof texts)["en" | "zh"];

/** Somebody is asked on a page of their own, answers, and is not asked again. */
async function askedOnce(
  browser: Browser,
  stage: Stage,
  person: Person,
  locale: string,
  text: Text,
  verb: string,
) {
  const context = await browser.newContext({ locale, timezoneId: "UTC", reducedMotion: "reduce" });
  try {
    await enter(context, person);
    const page = await context.newPage();
    const trouble = watch(page);
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(`${stage.url}/dashboard`);
    await acknowledge(page, text, verb);
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    expectNoTrouble(trouble);
  } finally {
    await context.close();
  }
}

/** Reads what is asked; nothing but the button ends that. */
async function acknowledge(page: Page, text: Text, verb: string) {
  const dialog = page.getByRole("dialog", { name: text.title });
  await expect(dialog.locator("strong", { hasText: text.strong })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: verb }).click();
  await expect(dialog).toBeHidden();
}

interface Announced {
  id: string;
  reads: number;
  texts: { en?: { title: string } };
}

/** What this test has announced. */
async function announcedBy(root: Person): Promise<Announced[]> {
  const { items } = await (await root.api.get("/api/admin/announcements")).json();
  return (items as Announced[]).filter((one) => one.texts.en?.title === texts.en.title);
}
