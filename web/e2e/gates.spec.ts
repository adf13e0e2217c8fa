import { expect, type Page } from "@playwright/test";

import { becomeRoot, enter, type Person } from "./people";
import { allRoutes, ofBusiness } from "./routes";
import { put } from "./scene";
import { type Seeded, test } from "./seeded";
import { startStage } from "./stage";
import { follow } from "./traffic";
import { expectNoTrouble, watch } from "./trouble";

/** What each switch takes away: pages, and what of the API. */
const gates: Record<string, { pages: string[]; api: string[] }> = {
  tokens: { pages: ["/tokens", "/connect", "/playground"], api: ["/api/tokens"] },
  usage: { pages: ["/usage"], api: ["/api/usage", "/api/usage/summary?range=24h"] },
  models: { pages: ["/models", "/connect", "/playground"], api: ["/api/models"] },
  playground: { pages: ["/playground"], api: [] }, // a POST: see below
  admin_channels: {
    pages: ["/admin/channels", "/admin/accounts", "/admin/channel-groups"],
    api: [
      "/api/admin/channels",
      "/api/admin/channels/steady",
      "/api/admin/channel-status",
      "/api/admin/accounts",
    ],
  },
  admin_channel_groups: {
    pages: ["/admin/channel-groups"],
    api: ["/api/admin/channel-groups", "/api/admin/channel-groups/pro"],
  },
  admin_users: {
    pages: ["/admin/users", "/admin/user-groups"],
    api: ["/api/admin/users", "/api/admin/users/ana", "/api/admin/people"],
  },
  admin_usage: { pages: ["/admin/requests"], api: ["/api/admin/usage"] },
};

/**
 * What is off in each round: two of five rounds for each switch, no two switches in the same two, so that every page is
 * once there without every other.
 */
const rounds: string[][] = [
  ["tokens", "usage", "models", "playground"],
  ["tokens", "admin_channels", "admin_channel_groups", "admin_users"],
  ["usage", "admin_channels", "admin_usage"],
  ["models", "admin_channel_groups", "admin_usage"],
  ["playground", "admin_users"],
];

const isBelow = (path: string, page: string) => path === page || path.startsWith(`${page}/`);

async function turn(root: Person, features: string[], on: boolean) {
  for (const feature of features)
    await put(root, `/api/admin/settings/feature_${feature}`, { value: on });
}

/** The route a path belongs to, or nothing. */
function routeOf(path: string): string | undefined {
  const parts = path.split("/");
  return allRoutes().find((route) => {
    const wanted = route.split("/");
    return (
      wanted.length === parts.length &&
      wanted.every((part, at) => part === parts[at] || (part.startsWith("$") && parts[at] !== ""))
    );
  });
}

/** Follows the links of a site, one of each route, and tells what is wrong with the pages. */
async function crawl(page: Page, site: string, hidden: string[]): Promise<string[]> {
  const trouble = watch(page);
  const traffic = follow(page);
  const faults: string[] = [];
  const seen = new Set<string>();
  const open = ["/account", "/admin"];
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    await page.goto(site + path);
    try {
      await expect(page.locator("h1").first()).toBeVisible();
      await traffic.settle();
      await expect(page.getByRole("link", { name: "Back to the start" })).toHaveCount(0);
      expectNoTrouble(trouble);
    } catch (error) {
      faults.push(`${path}: ${(error as Error).message}`);
    }
    for (const list of Object.values(trouble)) list.length = 0;
    const links = await page
      .locator("a[href^='/']")
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).pathname));
    for (const link of new Set(links)) {
      const route = routeOf(link);
      if (!route) faults.push(`${path} leads to ${link}, which is no page`);
      else if (hidden.some((one) => isBelow(link, one)))
        faults.push(`${path} leads to ${link}, which is switched off`);
      else if (!seen.has(route)) open.push(link);
      if (route) seen.add(route);
    }
  }
  expect(seen.size, [...seen].join(" ")).toBeGreaterThan(8);
  return faults;
}

/** What the palette offers, before anything is typed. */
async function offered(page: Page): Promise<string[]> {
  await page.keyboard.press("Control+k");
  const options = page.getByRole("option");
  await expect(options.first()).toBeVisible();
  const values = await options.evaluateAll((all) =>
    all.map((one) => one.getAttribute("data-value") ?? ""),
  );
  await page.keyboard.press("Escape");
  return values.flatMap((value) => /^page .* (\/\S*)$/.exec(value)?.[1] ?? []);
}

async function expectOff(person: Person, path: string) {
  const answer = await person.api.get(path);
  expect(answer.status(), path).toBe(404);
  expect((await answer.json()).code, path).toBe("feature_off");
}

async function expectNothingFound(root: Person, { calls }: Seeded, hidden: string[]) {
  for (const words of ["steady", "ana", "pro", "laptop", "default", calls.root.answered]) {
    const answer = await root.api.get(`/api/search?q=${words}`);
    expect(answer.status()).toBe(200);
    const { items } = (await answer.json()) as { items: { to: string }[] };
    const leading = items.map(({ to }) => new URL(to, "http://x").pathname);
    const dead = leading.filter((path) => hidden.some((one) => isBelow(path, one)));
    expect(dead, `found by "${words}"`).toEqual([]);
  }
}

for (const off of rounds) {
  test(`nothing leads to what is switched off: ${off.join(", ")}`, async ({
    page,
    context,
    seeded,
  }) => {
    const { stage, root } = seeded;
    const hidden = off.flatMap((feature) => gates[feature]?.pages ?? []);
    await turn(root, off, false);
    try {
      await enter(context, root);
      expect((await crawl(page, stage.url, [...hidden, ...ofBusiness])).join("\n\n")).toBe("");
      const paths = await offered(page);
      expect(paths).toContain("/account");
      expect(paths.filter((path) => hidden.includes(path))).toEqual([]);
      await expectNothingFound(root, seeded, hidden);
      for (const path of off.flatMap((feature) => gates[feature]?.api ?? []))
        await expectOff(root, path);
      // An address from a time when it was on says so in words.
      for (const path of hidden) {
        await page.goto(stage.url + path);
        await expect(page.getByRole("heading", { name: "This is switched off" })).toBeVisible();
      }
    } finally {
      await turn(root, off, true);
    }
  });
}

test("the settings offer each switch that does something, and no other", async ({
  page,
  context,
  seeded,
}) => {
  await enter(context, seeded.root);
  await page.goto(`${seeded.stage.url}/admin/settings?section=features`);
  await page.getByRole("searchbox").first().fill("feature_");
  const main = page.getByRole("main");
  const switches = main.getByRole("switch");
  await expect(switches.first()).toBeVisible();
  const offers = await switches.evaluateAll((all) =>
    all.map((one) => one.id.replace("feature_", "")),
  );
  expect(offers.sort()).toEqual(Object.keys(gates).sort());
  // Each says what goes with it.
  for (const { pages } of Object.values(gates)) await expect(main).toContainText(pages.join(", "));
});

test("with all of it on, in business mode too, every link leads somewhere", async ({
  page,
  context,
  seeded,
}) => {
  const own = await (await seeded.root.api.get("/api/me")).json();
  expect(own.features).toMatchObject({ billing: false, tickets: false, tokens: true });
  const stage = await startStage({ REALMS_SELF_MODE_ENABLE: "false" });
  try {
    const root = await becomeRoot(stage);
    await put(root, "/api/admin/setup", { dismissed: true });
    const { features } = await (await root.api.get("/api/me")).json();
    expect(features).toMatchObject({ billing: true, tickets: true, tokens: true });
    await enter(context, root);
    expect((await crawl(page, stage.url, [])).join("\n\n")).toBe("");
  } finally {
    await stage.close();
  }
});
