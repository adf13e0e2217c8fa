import type { Page, TestInfo } from "@playwright/test";

export const languages = [
  { locale: "en-US", language: "en" },
  { locale: "zh-CN", language: "zh-CN" },
] as const;

const themes = ["light", "dark"] as const;

/**
 * Looks at the page that is open in both themes at every width, and keeps a picture of each. Loading
 * it anew for each look would take most of the time of these tests; the sweep loads pages narrow and
 * dark too.
 */
export async function lookAt(
  page: Page,
  info: TestInfo,
  { name, widths }: { name: string; widths: readonly number[] },
  check: () => Promise<void>,
) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of themes) {
      // Without motion, or a look would find colours on their way from one theme to the other.
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({
        path: info.outputPath(`${name}-${colorScheme}-${width}.png`),
        fullPage: true,
      });
      await check();
    }
  }
}
