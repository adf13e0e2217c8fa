import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** WCAG 2.2 AA, which contains the older ones. */
const wcag = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

/** What must never happen on a page, collected while it runs. */
export interface Trouble {
  errors: string[];
  failedRequests: string[];
  foreignRequests: string[];
}

/** Watches a page. A failed request is one that breaks off or is answered with 4xx or 5xx. */
export function watch(page: Page): Trouble {
  const trouble: Trouble = { errors: [], failedRequests: [], foreignRequests: [] };
  page.on("pageerror", (error) => trouble.errors.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) trouble.errors.push(message.text());
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    const own = url.hostname === "127.0.0.1" || ["data:", "blob:"].includes(url.protocol);
    if (!own) trouble.foreignRequests.push(request.url());
  });
  page.on("response", (response) => {
    if (response.status() >= 400)
      trouble.failedRequests.push(`${response.status()} ${response.url()}`);
  });
  page.on("requestfailed", (request) => {
    // Leaving a page cancels what it was waiting for.
    if (request.failure()?.errorText !== "net::ERR_ABORTED")
      trouble.failedRequests.push(`${request.failure()?.errorText} ${request.url()}`);
  });
  return trouble;
}

/** Nothing of it happened. */
export function expectNoTrouble(trouble: Trouble) {
  expect(trouble).toEqual({ errors: [], failedRequests: [], foreignRequests: [] });
}

/**
 * The page itself never scrolls sideways; a table inside it may. Tells what is too wide. A layout that
 * follows a change of width is given the time to do so.
 */
export async function expectNoSidewaysScroll(page: Page) {
  await expect.poll(() => tooWide(page), "the page scrolls sideways").toEqual([]);
}

const tooWide = (page: Page) =>
  page.evaluate(() => {
    const root = document.documentElement;
    if (Math.max(root.scrollWidth, document.body.scrollWidth) <= root.clientWidth) return [];
    const isContained = (element: Element | null): boolean =>
      element !== null &&
      element !== document.body &&
      (getComputedStyle(element).overflowX !== "visible" || isContained(element.parentElement));
    return [...document.querySelectorAll("body *")]
      .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1)
      .filter((one) => !isContained(one.parentElement))
      .map((one) => `${one.tagName}.${one.getAttribute("class")}: ${one.textContent?.slice(0, 40)}`)
      .slice(-4);
  });

/** No rule of accessibility that a program can check is broken. */
export async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode() // there are no frames, and a tab of its own for the sum takes most of the time
    .options({ runOnly: wcag, resultTypes: ["violations"], elementRef: false })
    .analyze();
  const short = violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.slice(0, 3).map((node) => node.html.slice(0, 200)),
  }));
  expect(short).toEqual([]);
}

/**
 * The page speaks one language. Text people or upstreams wrote stands in `[data-raw]`, code in `code`
 * and `pre`, and another language says so by `lang`.
 */
export async function expectOneLanguage(page: Page, language: "en" | "zh-CN") {
  const texts = await page.evaluate((tag) => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim() ?? "";
      const foreign = element?.closest(
        `[data-raw], code, pre, script, style, textarea, [lang]:not([lang="${tag}"]):not(html)`,
      );
      if (text && !foreign) found.push(text);
    }
    return found;
  }, language);
  const strange = texts.filter((text) =>
    language === "en"
      ? /\p{Script=Han}/u.test(text)
      : // Names and units are the same in every language; a run of words is a sentence nobody translated.
        !/\p{Script=Han}/u.test(text) && /(?:\b[a-z]{2,}\b[ ,]+){3,}/.test(text),
  );
  const keys = texts.filter(
    (text) => /^[a-z_]+(?:[.:][a-z_]+){1,4}$/i.test(text) && !/\d/.test(text),
  );
  expect({ strange, keys }).toEqual({ strange: [], keys: [] });
}
