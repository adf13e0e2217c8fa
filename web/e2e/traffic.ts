import { expect, type Page, type Request } from "@playwright/test";

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
  const underWay = new Set<Request>();
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
  page.on("response", (response) => {
    const request = response.request();
    if (!request.isNavigationRequest()) return;
    // Of what the page before asked for, nobody may ever say that it ended.
    for (const other of underWay) if (other !== request) underWay.delete(other);
  });
  return {
    asked: () => asked,
    async settle() {
      const awaited = () => [...underWay].map((request) => request.url());
      const waitsFor = () => (Date.now() - last < quietMs ? ["some quiet"] : awaited());
      await expect.poll(waitsFor, { intervals: [50], message: "answers are missing" }).toEqual([]);
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    },
    clear() {
      asked = [];
      underWay.clear();
    },
  };
}
