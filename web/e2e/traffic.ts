import { expect, type Page } from "@playwright/test";

/** What every page asks, whatever it shows. */
const frame = ["/api/bootstrap", "/api/me", "/api/me/preferences", "/api/stream"];

/** So long must nothing be under way for a page to be whole. */
const quietMs = 150;

/** What a page asks of the server. */
export interface Traffic {
  /** The paths that were asked for the sake of this page. */
  asked(): string[];
  /** Waits until all answers are here and shown. */
  settle(): Promise<void>;
  /** Begins anew, for the next page. */
  clear(): void;
}

export function follow(page: Page): Traffic {
  const underWay = new Set<unknown>();
  let asked: string[] = [];
  let last = Date.now();
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname === "/api/stream") return; // it never ends
    underWay.add(request);
    last = Date.now();
    if (pathname.startsWith("/api/") && !frame.includes(pathname)) asked.push(pathname + search);
  });
  for (const event of ["requestfinished", "requestfailed"] as const) {
    page.on(event as "requestfinished", (request) => {
      underWay.delete(request);
      last = Date.now();
    });
  }
  return {
    asked: () => asked,
    async settle() {
      const isQuiet = () => underWay.size === 0 && Date.now() - last >= quietMs;
      await expect.poll(isQuiet, { intervals: [50], message: "answers are missing" }).toBe(true);
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    },
    clear() {
      asked = [];
      underWay.clear();
    },
  };
}
