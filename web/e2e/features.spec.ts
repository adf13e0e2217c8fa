import { expect, type Page, test } from "@playwright/test";

import { addUser, becomeRoot, enter, type Person } from "./people";
import { addChannels, addKey, call, expectCalls, put } from "./scene";
import { type Stage, startStage } from "./stage";
import { follow } from "./traffic";
import { watch } from "./trouble";

/** A switch of the site, and the pages that are gone without it. */
interface Feature {
  key: string;
  hides: string[];
}

/** Pages that stay, and have much to link to. */
const staying = { ana: ["/dashboard", "/account"], root: ["/dashboard", "/admin", "/account"] };

let stage: Stage;
let root: Person;
let ana: Person;
let features: Feature[];

test.describe.configure({ mode: "serial" });

test.beforeAll(async () => {
  stage = await startStage();
  root = await becomeRoot(stage);
  await put(root, "/api/admin/setup", { dismissed: true });
  await addChannels(stage, root, [{ name: "steady" }, { name: "stale", key: "key-refused" }]);
  ana = await addUser(stage, root, "ana");
  for (const person of [root, ana]) {
    await call(stage, (await addKey(person, "laptop")).key);
    await expectCalls(person, 1);
  }
  const { items } = await (await root.api.get("/api/admin/settings")).json();
  features = items.filter(({ key }: Feature) => key.startsWith("feature_"));
  expect(features.length).toBeGreaterThanOrEqual(8);
});

test.afterAll(() => stage.close());

/** Switches features off or on, and waits until everybody sees it. */
async function turn(some: Feature[], on: boolean) {
  for (const { key } of some) await put(root, `/api/admin/settings/${key}`, { value: String(on) });
  await expect
    .poll(async () => {
      const now = (await (await ana.api.get("/api/me")).json()).features;
      return some.every(({ key }) => on || !now[key.replace("feature_", "")]);
    })
    .toBe(true);
}

/** Opens pages that stay and tells what on them leads to one that is gone, or fails. */
async function remains(page: Page, paths: string[], gone: string[]): Promise<string[]> {
  const trouble = watch(page);
  const traffic = follow(page);
  const found: string[] = [];
  for (const path of paths) {
    await page.goto(stage.url + path);
    await expect(page.locator("h1").first()).toBeVisible();
    await traffic.settle();
    const links = await page
      .locator("a[href]")
      .evaluateAll((all) => all.map((one) => new URL((one as HTMLAnchorElement).href).pathname));
    const dead = links.filter((link) =>
      gone.some((one) => link === one || link.startsWith(`${one}/`)),
    );
    found.push(...[...dead, ...trouble.failedRequests].map((what) => `${path}: ${what}`));
    trouble.failedRequests.length = 0;
  }
  return found;
}

test("each feature that is off leaves no link and no failing question behind", async ({
  browser,
}) => {
  const found: string[] = [];
  for (const feature of features) {
    await turn([feature], false);
    const context = await browser.newContext();
    await enter(context, root);
    const left = await remains(await context.newPage(), staying.root, feature.hides);
    found.push(...left.map((what) => `without ${feature.key}, ${what}`));
    await context.close();
    await turn([feature], true);
  }
  expect(found).toEqual([]);
});

test("with all of them off, what is left works, and what is gone says so", async ({ browser }) => {
  await turn(features, false);
  const gone = features.flatMap(({ hides }) => hides);
  for (const [who, person] of [
    ["ana", ana],
    ["root", root],
  ] as const) {
    const context = await browser.newContext();
    await enter(context, person);
    const page = await context.newPage();
    expect(await remains(page, staying[who], gone), who).toEqual([]);
    for (const path of ["/tokens", "/usage", "/models", "/playground", "/connect"]) {
      await page.goto(stage.url + path);
      await expect(page.getByRole("alert").getByRole("heading", { level: 1 })).toBeVisible();
    }
    await context.close();
  }
  for (const path of [
    "tokens",
    "usage",
    "models",
    "admin/channels",
    "admin/usage",
    "admin/people",
  ]) {
    const answer = await root.api.get(`/api/${path}`);
    expect(answer.status(), path).toBe(404);
    expect((await answer.json()).code, path).toBe("feature_off");
  }
  await turn(features, true);
});

test("users do not see through which channels their calls went, where people pay", async () => {
  const paying = await startStage({ REALMS_SELF_MODE_ENABLE: "false" });
  try {
    const boss = await becomeRoot(paying);
    await addChannels(paying, boss, [{ name: "hush-hush" }]);
    const eve = await addUser(paying, boss, "eve");
    await put(boss, "/api/admin/users/eve", { username: "eve", balance_usd: "10" });
    const id = await call(paying, (await addKey(eve, "laptop")).key);
    await expectCalls(eve, 1);
    for (const path of [`/api/usage/${id}`, "/api/usage", "/api/usage/export", "/api/dashboard"]) {
      const answer = await eve.api.get(path);
      expect(await answer.text(), path).not.toContain("hush-hush");
    }
    const seen = await (await boss.api.get(`/api/admin/usage/${id}`)).text();
    expect(seen).toContain("hush-hush");
  } finally {
    await paying.close();
  }
});
