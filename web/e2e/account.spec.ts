import { expect, request } from "@playwright/test";

import { addUser, becomeRoot, enter, logIn, type Person, password, restPointer } from "./people";
import { addKey, call, expectCalls } from "./scene";
import { test } from "./seeded";
import { startStage } from "./stage";

test("many guesses at once: ten are looked at, then even the right one has to wait", async () => {
  const stage = await startStage();
  try {
    await addUser(stage, await becomeRoot(stage), "ana");
    const guest = await request.newContext({
      baseURL: stage.url,
      extraHTTPHeaders: { origin: stage.url },
    });
    const guess = (word: string) =>
      guest.post("/api/session", { data: { login: "ana", password: word } });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, number) => guess(`wrong guess ${number}`)),
    );
    const statuses = answers.map((answer) => answer.status());
    const looked = statuses.filter((status) => status === 401).length;
    expect(looked).toBeGreaterThan(0);
    expect(looked).toBeLessThanOrEqual(10);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    const right = await guess(password);
    expect(right.status()).toBe(429);
    expect(Number(right.headers()["retry-after"])).toBeGreaterThan(0);
    expect(right.headers()["set-cookie"]).toBeUndefined();
    await guest.dispose();
  } finally {
    await stage.close();
  }
});

test("a session that ends in one tab leads the other to sign in, and back", async ({
  page,
  context,
  seeded,
}) => {
  const { stage, root } = seeded;
  const person = await addUser(stage, root, "tabs");
  await enter(context, person);
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto(`${stage.url}/account`);
    await expect(tab.getByRole("heading", { level: 1 })).toBeVisible();
    await restPointer(tab);
  }
  expect((await person.api.delete("/api/session")).ok()).toBe(true);

  await other
    .getByRole("navigation")
    .getByRole("link", { name: "Usage", exact: true })
    .first()
    .click();
  await expect(other).toHaveURL(/\/login\?.*return_to=%2Fusage/);
  await expect(other.getByText("Your session is over")).toBeVisible();
  await other.getByLabel("Account or e-mail").fill("tabs");
  await other.getByLabel("Password", { exact: true }).fill(password);
  await other.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(other).toHaveURL(/\/usage/);
  await expect(other.getByRole("heading", { level: 1, name: "Usage" })).toBeVisible();

  // The first tab shares the new session, and goes on as if nothing had been.
  await page.getByRole("navigation").getByRole("link", { name: "API keys" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "API keys" })).toBeVisible();
});

test("the way back after signing in never leaves the site", async ({ page, seeded }) => {
  const { stage, root } = seeded;
  await addUser(stage, root, "back");
  for (const away of ["https://example.org/", "//example.org/", "/\\example.org", "javascript:0"]) {
    await page.context().clearCookies();
    await page.goto(`${stage.url}/login?return_to=${encodeURIComponent(away)}`);
    await page.getByLabel("Account or e-mail").fill("back");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("navigation").first()).toBeVisible();
    expect(new URL(page.url()).origin, away).toBe(stage.url);
  }
});

test("changes that are not saved are not lost by a click elsewhere", async ({
  page,
  context,
  seeded,
}) => {
  await enter(context, seeded.root);
  await page.goto(`${seeded.stage.url}/admin/settings`);
  const name = page.getByLabel("Site name", { exact: true });
  const before = await name.inputValue();
  await name.fill("Another name");
  const leave = page.getByRole("navigation").getByRole("link", { name: "Channels", exact: true });
  await leave.first().click();
  const question = page.getByRole("alertdialog").or(page.getByRole("dialog"));
  await expect(question).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(name).toHaveValue("Another name");
  await leave.first().click();
  await question.getByRole("button", { name: /^Leave/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Channels" })).toBeVisible();
  await page.goBack();
  await expect(name).toHaveValue(before);
});

test("what is somebody else's looks like nothing at all", async ({ seeded }) => {
  const { stage, root, ana } = seeded;
  const ben = await addUser(stage, root, "stranger");
  const token = await addKey(ben, "secret-plan");
  const requestId = await call(stage, token.key, "n");
  await expectCalls(ben, 1);
  const elsewhere = await logIn(stage, "stranger");
  const { items } = await (await elsewhere.api.get("/api/me/sessions")).json();
  const session: string = items[0].id;

  /** Each deed with the object of another, which must be answered as if there were none. */
  const deeds: [string, string, (id: string) => string, object?][] = [
    ["GET", token.id, (id) => `/api/tokens/${id}`],
    ["PATCH", token.id, (id) => `/api/tokens/${id}`, { enabled: false }],
    ["POST", token.id, (id) => `/api/tokens/${id}/revoke`],
    ["POST", token.id, (id) => `/api/tokens/${id}/rotate`],
    ["POST", token.id, (id) => `/api/tokens/${id}/reveal`],
    ["DELETE", token.id, (id) => `/api/tokens/${id}`],
    ["POST", token.id, (id) => `/api/playground/${id}/v1/chat/completions`, { model: "n" }],
    ["GET", requestId, (id) => `/api/usage/${id}`],
    ["DELETE", session, (id) => `/api/me/sessions/${id}`],
  ];
  for (const [method, id, path, data] of deeds) {
    const near = neighbour(id);
    const [theirs, none] = await Promise.all([
      told(ana, method, path(id), data),
      told(ana, method, path(near), data),
    ]);
    const name = `${method} ${path("…")}`;
    expect(theirs.status, name).not.toBe(200);
    expect(theirs.text.replaceAll(id, "…"), name).toBe(none.text.replaceAll(near, "…"));
    expect(theirs.status, name).toBe(none.status);
    expect(theirs.text, name).not.toContain("secret-plan");
  }
  // Nothing of it happened.
  expect((await ben.api.get(`/api/tokens/${token.id}`)).status()).toBe(200);
  expect((await ben.api.get("/api/me")).status()).toBe(200);
  const listed = await (await ana.api.get("/api/usage?limit=200")).text();
  expect(listed).not.toContain(requestId);
  const filtered = await ana.api.get("/api/usage?filter=user:stranger");
  expect(await filtered.text()).not.toContain(requestId);
  const searched = await (await ana.api.get("/api/search?q=secret-plan")).text();
  expect(searched).not.toContain("secret-plan");
});

test("the side of the admins is closed to everyone else", async ({ seeded }) => {
  const { ana, stage } = seeded;
  const { paths } = await (await ana.api.get("/api/openapi.json")).json();
  const asked = Object.entries<Record<string, unknown>>(paths).flatMap(([path, methods]) =>
    path.startsWith("/api/admin/") ? Object.keys(methods).map((method) => [method, path]) : [],
  );
  expect(asked.length).toBeGreaterThan(30);
  const guest = await request.newContext({ baseURL: stage.url });
  for (const [method = "", path = ""] of asked) {
    const filled = path.replaceAll(/\{\*?\w+\}/g, "x");
    const one = await told(ana, method.toUpperCase(), filled, {});
    expect(one.status, `${method} ${path} as a user`).toBe(403);
    const nobody = await guest.fetch(filled, { method });
    expect(nobody.status(), `${method} ${path} as nobody`).toBe(401);
  }
  await guest.dispose();
});

/** Another id of the same form. */
function neighbour(id: string): string {
  return id.slice(0, -1) + (id.endsWith("0") ? "1" : "0");
}

async function told(person: Person, method: string, path: string, data?: object) {
  const answer = await person.api.fetch(path, { method, ...(data && { data }) });
  const text = (await answer.text()).replaceAll(/"request_id":"[^"]*"/g, "");
  return { status: answer.status(), text };
}
