import { expect, type Locator, type Page } from "@playwright/test";

/** So many presses lead past everything a page has before what is looked for. */
const mostTabs = 80;
/** More than any menu has. */
const mostItems = 20;

/** What has the focus, and what is wrong with how it shows. */
interface Focused {
  name: string;
  faults: string[];
}

/** Goes to a control with Tab alone. Whatever has the focus on the way must be there, in sight, and marked. */
export async function tabTo(page: Page, control: Locator) {
  await expect(control).toBeVisible();
  const way: string[] = [];
  for (let count = 0; count < mostTabs; count += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
    const focused = await focusedOn(page);
    way.push(focused.name);
    expect(focused.faults, `${focused.name} on ${page.url()}`).toEqual([]);
  }
  throw new Error(`${control} is not reached: ${way.join(" → ")}`);
}

/** Presses a control: Tab to it, then Enter. */
export async function pressOn(page: Page, control: Locator) {
  await tabTo(page, control);
  await page.keyboard.press("Enter");
}

/**
 * Goes down an open menu to an item and takes it. A menu moves its focus a moment after the key: who looks
 * before that presses once too often, and takes the item below.
 */
export async function chooseItem(page: Page, item: Locator) {
  await expect(item).toBeVisible();
  const focused = page.locator("[role=menuitem]:focus");
  for (let count = 0; count < mostItems; count += 1) {
    if (await item.evaluate((element) => element === document.activeElement)) break;
    const above = (await focused.count()) > 0 ? await focused.textContent() : null;
    await page.keyboard.press("ArrowDown");
    await expect
      .poll(async () => (await focused.count()) > 0 && (await focused.textContent()))
      .not.toBe(above ?? false);
  }
  await expect(item).toBeFocused();
  await page.keyboard.press("Enter");
}

/** The focus is somewhere: the keyboard goes on from there, not from the top of the page. */
export async function expectFocusKept(page: Page) {
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.tagName), {
      message: "the focus is lost",
    })
    .not.toBe("BODY");
}

async function focusedOn(page: Page): Promise<Focused> {
  return await page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body)
      return { name: "body", faults: [] };
    const label = element.getAttribute("aria-label") ?? element.textContent ?? "";
    const name = `${element.tagName.toLowerCase()} "${label.trim().slice(0, 40)}"`;
    // A control may be drawn by its label: an empty box over it.
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const faults: string[] = [];
    if (box.width * box.height === 0) faults.push("has no size");
    const isMarked =
      (style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 1) ||
      style.boxShadow !== "none";
    // The caret marks the one field of a search that opens for it.
    const isSearch = element.matches("[role=dialog] input[role=combobox]");
    if (!isMarked && !isSearch) faults.push("has no mark");
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const isIn = x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight;
    const top = document.elementFromPoint(x, y);
    if (!isIn) faults.push(`is out of sight at ${Math.round(x)}, ${Math.round(y)}`);
    else if (!top || !(element.contains(top) || top.contains(element)))
      faults.push(`is behind ${top?.tagName} ${top?.className}`);
    return { name, faults };
  });
}
