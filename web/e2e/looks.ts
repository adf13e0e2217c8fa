import type { Page, TestInfo } from "@playwright/test";

export const languages = [
  { locale: "en-US", language: "en" },
  { locale: "zh-CN", language: "zh-CN" },
] as const;

const themes = ["light", "dark"] as const;

/** Waits for colours that fade from one theme to the other. */
const settleColours = (page: Page) =>
  page.waitForFunction(() =>
    document.getAnimations().every((one) => !(one instanceof CSSTransition)),
  );

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
      await page.emulateMedia({ colorScheme });
      await settleColours(page);
      await page.screenshot({
        path: info.outputPath(`${name}-${colorScheme}-${width}.png`),
        fullPage: true,
      });
      await check();
    }
  }
}
