import { availableParallelism, loadavg } from "node:os";
import { expect, type Locator, type Page } from "@playwright/test";

/** How a page came to be. */
export interface Pace {
  /** From the click to the first row, in milliseconds. */
  rowsMs: number;
  /** The longest time in which the page could not answer to anybody. */
  longestTaskMs: number;
}

/** How long the work of `workMs` takes on the machine that promises are made for. */
const usualWorkMs = 40;

/**
 * How many times slower than usual this machine is now, never less than once: by how long some work takes that is always
 * the same, and by how many programs wait for its cores.
 */
export function slowness(): number {
  const speed = Math.min(workMs(), workMs(), workMs()) / usualWorkMs;
  const crowding = (loadavg()[0] ?? 0) / availableParallelism();
  return Math.max(1, speed, crowding);
}

/** Writes, sorts and reads some JSON, as servers and pages do. */
function workMs(): number {
  const start = performance.now();
  for (let turn = 0; turn < 200; turn += 1) {
    const rows = Array.from({ length: 500 }, (_, number) => String((number * 7919) % 1000));
    rows.sort();
    JSON.parse(JSON.stringify(rows.map((name) => ({ name, at: turn }))));
  }
  return performance.now() - start;
}

/** Lets a page write down its long tasks and its largest paint. Call it before the page is loaded. */
export async function observe(page: Page) {
  await page.addInitScript(() => {
    const seen = { tasks: [] as number[], paint: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.tasks.push(entry.duration);
    }).observe({ type: "longtask", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.paint = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
  });
}

type Seen = { seen: { tasks: number[]; paint: number } };

/** Follows a link and measures in the page how long its list takes. */
export async function openList(page: Page, link: Locator): Promise<Pace> {
  await page.evaluate(() => {
    (window as unknown as Seen).seen.tasks.length = 0;
    performance.clearMarks();
    window.addEventListener("click", () => performance.mark("click"), {
      once: true,
      capture: true,
    });
    const look = () => {
      const list = document.querySelector("main [role=grid][aria-busy=false] tr[data-row='0']");
      if (list) performance.mark("rows");
      else requestAnimationFrame(look);
    };
    window.addEventListener("click", () => requestAnimationFrame(look), { once: true });
  });
  await link.click();
  await expect.poll(() => page.evaluate(() => performance.getEntriesByName("rows").length)).toBe(1);
  return await page.evaluate(() => {
    const [click] = performance.getEntriesByName("click");
    const [rows] = performance.getEntriesByName("rows");
    const { tasks } = (window as unknown as Seen).seen;
    return {
      rowsMs: (rows?.startTime ?? 0) - (click?.startTime ?? 0),
      longestTaskMs: Math.max(0, ...tasks),
    };
  });
}

/** When the largest thing of a page just loaded was painted. */
export async function largestPaint(page: Page): Promise<number> {
  const paint = () => page.evaluate(() => (window as unknown as Seen).seen.paint);
  await expect.poll(paint).toBeGreaterThan(0);
  return await paint();
}

/** The scripts a page has loaded, as large as they came over the wire. */
export async function loadedScripts(page: Page): Promise<{ name: string; kilobytes: number }[]> {
  return await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => name.endsWith(".js"))
      .map((one) => ({
        name: new URL(one.name).pathname,
        kilobytes: (one as PerformanceResourceTiming).encodedBodySize / 1000,
      })),
  );
}
