import type { Page, TestInfo } from "@playwright/test";

import { expectAccessible, expectNoSidewaysScroll, expectOneLanguage } from "./trouble";

export const languages = [
  { locale: "en-US", language: "en" },
  { locale: "zh-CN", language: "zh-CN" },
] as const;

export type Language = (typeof languages)[number]["language"];

const themes = ["light", "dark"] as const;

/**
 * Where the rules of accessibility are tried: one width a language, in both themes. They take most of the time of a
 * look, and colours depend on the theme and layout on the width, neither on the language.
 */
const triedAt: Record<Language, number> = { en: 1440, "zh-CN": 390 };

interface Look {
  name: string;
  language: Language;
  widths: readonly number[];
  /** A page that shows texts of both languages. */
  mixesLanguages?: boolean;
}

/**
 * Looks at the page that is open in both themes at every width. Loading it anew for each look would take most of
 * the time of these tests; the sweep loads pages narrow and dark too.
 */
export async function lookAt(page: Page, info: TestInfo, look: Look) {
  const { name, language, widths, mixesLanguages = false } = look;
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of themes) {
      // Without motion, or a look would find colours on their way from one theme to the other.
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await keepPicture(page, info, `${name}-${colorScheme}-${width}`);
      await expectNoSidewaysScroll(page);
      if (!mixesLanguages) await expectOneLanguage(page, language);
      if (triedAt[language] === width) await expectAccessible(page);
    }
  }
}

/** Keeps a picture among the results, for people to look at: only with `REALMS_PICTURES=1`, for it takes its time. */
export async function keepPicture(page: Page, info: TestInfo, name: string) {
  if (process.env.REALMS_PICTURES !== "1") return;
  await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
}
