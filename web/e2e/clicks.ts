import type { Page } from "@playwright/test";

const counter = "realms-test-clicks";

/** Counts clicks in the page itself, over every load of it; a label's click on its field counts once. */
export async function countClicks(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript((name) => {
    window.addEventListener(
      "pointerdown",
      () => {
        const before = Number(sessionStorage.getItem(name) ?? 0);
        sessionStorage.setItem(name, String(before + 1));
      },
      { capture: true },
    );
  }, counter);
  return () => page.evaluate((name) => Number(sessionStorage.getItem(name) ?? 0), counter);
}
