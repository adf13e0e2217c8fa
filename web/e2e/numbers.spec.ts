import { expect, type Page } from "@playwright/test";

import { enter } from "./people";
import { test } from "./seeded";

interface Row {
  cost_usd?: string;
  outcome: string;
}

const failed = ["refused", "rejected", "failed", "broken"];

/** The rows an address shows: what its list asked the server for. */
async function rowsAt(page: Page, url: string, list: string): Promise<Row[]> {
  const answer = page.waitForResponse(
    (response) => new URL(response.url()).pathname === list && response.ok(),
  );
  await page.goto(url);
  const { items, next } = await (await answer).json();
  expect(next, "the rows are not all on one page").toBeUndefined();
  return items;
}

/** Exact to a billionth of a dollar, which is finer than any price. */
const billionths = (usd: string | undefined) => Math.round(Number(usd ?? "0") * 1e9);
const costOf = (rows: readonly Row[]) =>
  rows.reduce((sum, { cost_usd }) => sum + billionths(cost_usd), 0);

/** Where the parts of a page lead, and the amounts that are read there. */
async function leadsOf(page: Page, label: string) {
  const links = page.getByRole("list", { name: label, exact: true }).getByRole("link");
  await expect(links.first()).toBeVisible();
  return await links.evaluateAll((all) =>
    all.map((one) => ({
      href: one.getAttribute("href") ?? "",
      text: one.textContent ?? "",
      // A second figure stands before it.
      usd: [...one.querySelectorAll("data")].at(-1)?.getAttribute("value") ?? undefined,
    })),
  );
}

test.describe("a number is the sum of the rows it leads to", () => {
  test("on the dashboard", async ({ page, context, seeded }) => {
    const { stage, ana } = seeded;
    await enter(context, ana);
    await page.goto(`${stage.url}/dashboard`);
    const today = await leadsOf(page, "Today");
    const { today: now } = await (await ana.api.get("/api/dashboard?range=24h")).json();
    const at = (word: string) => {
      const found = today.find(({ text }) => text.startsWith(word));
      if (!found) throw new Error(`no number of ${word}`);
      return found;
    };
    const rows = (href: string) => rowsAt(page, stage.url + href, "/api/usage");
    expect(await rows(at("Calls").href)).toHaveLength(now.sums.calls);
    expect(costOf(await rows(at("Spend").href))).toBe(billionths(at("Spend").usd));
    const errors = await rows(at("Errors").href);
    expect(errors).toHaveLength(now.sums.errors);
    expect(errors.every(({ outcome }) => failed.includes(outcome))).toBe(true);
    await page.goto(`${stage.url}/dashboard`);
    const parts = [
      ...(await leadsOf(page, "Top models")),
      ...(await leadsOf(page, "Top keys")),
      ...(await leadsOf(page, "Top clients")),
    ];
    expect(parts.length).toBeGreaterThan(3);
    for (const { href, usd, text } of parts)
      expect(costOf(await rows(href)), text).toBe(billionths(usd));
  });

  test("of this month and of what was wasted", async ({ page, context, seeded }) => {
    const { stage, ana } = seeded;
    await enter(context, ana);
    const rows = (href: string | null) => rowsAt(page, stage.url + href, "/api/usage");
    await page.goto(`${stage.url}/dashboard`);
    const month = page.getByRole("region", { name: "This month" });
    const spent = month.getByRole("definition").first().getByRole("link");
    const usd = await spent.locator("data").getAttribute("value");
    const dearest = month.getByRole("link", { name: "Most expensive calls" });
    const [all, sorted] = [await spent.getAttribute("href"), await dearest.getAttribute("href")];
    const wasted = await page
      .getByRole("list", { name: "Waste" })
      .getByRole("listitem")
      .filter({ has: page.getByRole("link") })
      .evaluateAll((parts) =>
        parts.map((part) => ({
          href: part.querySelector("a")?.getAttribute("href") ?? "",
          usd: part.querySelector("data")?.getAttribute("value") ?? undefined,
          count: Number(/(\d+) calls?/.exec(part.textContent ?? "")?.[1]),
        })),
      );
    expect(billionths(usd ?? undefined)).toBeGreaterThan(0);
    expect(costOf(await rows(all))).toBe(billionths(usd ?? undefined));
    const costs = (await rows(sorted)).map(({ cost_usd }) => billionths(cost_usd));
    expect(costs).toEqual([...costs].sort((left, right) => right - left));
    expect(wasted.length, "some calls took more than one attempt").toBeGreaterThan(0);
    for (const part of wasted) {
      const found = await rows(part.href);
      expect(found, part.href).toHaveLength(part.count);
      expect(costOf(found), part.href).toBe(billionths(part.usd));
    }
  });

  test("in each breakdown of everyone's calls", async ({ page, context, seeded }) => {
    const { stage, root } = seeded;
    await enter(context, root);
    for (const dimension of ["model", "user", "channel", "client", "day"]) {
      const answer = page.waitForResponse(
        (one) => new URL(one.url()).pathname === `/api/admin/usage/by/${dimension}` && one.ok(),
      );
      await page.goto(`${stage.url}/admin/requests?tab=${dimension}`);
      const { items } = await (await answer).json();
      expect(items.length).toBeGreaterThan(0);
      for (const part of items.filter(({ key }: { key: string }) => key !== "_none")) {
        await page.goto(`${stage.url}/admin/requests?tab=${dimension}`);
        await page.getByRole("rowheader", { name: part.label, exact: true }).click();
        await expect(page).toHaveURL(dimension === "day" ? /[?&]t=/ : /[?&]f=/);
        const narrowed = new URL(page.url());
        narrowed.searchParams.delete("tab");
        const rows = await rowsAt(page, narrowed.href, "/api/admin/usage");
        expect(rows, `${dimension} ${part.label}`).toHaveLength(part.calls);
        expect(costOf(rows), `${dimension} ${part.label}`).toBe(billionths(part.cost_usd));
      }
    }
  });
});
