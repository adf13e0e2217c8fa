import { expect, type Page } from "@playwright/test";

import { enter } from "./people";
import { addChannels, addKey, put } from "./scene";
import { type Seeded, test } from "./seeded";

/** What a client sees: the status, the words, and the id to look it up by. */
async function refusedCall({ stage }: Seeded, key: string, model: string) {
  const answer = await fetch(`${stage.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Say hello." }] }),
  });
  const { error } = await answer.json();
  return {
    status: answer.status,
    message: error.message as string,
    id: error.request_id as string,
  };
}

/** Pastes the id of the error into the palette, and reads what it leads to. */
async function lookUp(page: Page, { stage }: Seeded, id: string) {
  await expect(async () => {
    await page.goto(`${stage.url}/account`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search and commands" }).fill(id);
    await page.keyboard.press("Enter");
    // It is written a moment after the call.
    const panel = page.getByRole("dialog", { name: /Request/ });
    await expect(panel.getByText(/Refused|Nobody answered/).first()).toBeVisible({
      timeout: 3_000,
    });
  }).toPass({ timeout: 20_000 });
  return page.getByRole("dialog", { name: /Request/ });
}

test.beforeEach(async ({ context, seeded }) => enter(context, seeded.ana));

test("a model that nobody has heard of", async ({ page, seeded }) => {
  const { key } = await addKey(seeded.ana, "unknown-model");
  const refused = await refusedCall(seeded, key, "gpt-none");
  expect(refused.status).toBe(404);
  expect(refused.message).toContain("GET /v1/models lists those there are");
  const trace = await lookUp(page, seeded, refused.id);
  await expect(trace).toContainText("there is no model gpt-none for this API key");
  await expect(trace).toContainText("The list of models has the names that work");
});

test("a model that only groups out of reach serve", async ({ page, seeded }) => {
  const { root, stage } = seeded;
  await put(root, "/api/admin/channel-groups/closed", { name: "closed" });
  await addChannels(stage, root, [{ name: "private", models: ["p"], groups: ["closed"] }]);
  const { key } = await addKey(seeded.ana, "out-of-reach");
  const refused = await refusedCall(seeded, key, "p");
  expect(refused.status).toBe(404);
  const trace = await lookUp(page, seeded, refused.id);
  await expect(trace).toContainText("none in a channel group of this API key");
  await expect(trace).toContainText("ask whoever runs this site to open one of these");
});

test("a model whose channels are not ready", async ({ page, seeded }) => {
  const { root, stage } = seeded;
  await addChannels(stage, root, [{ name: "asleep", models: ["q"] }]);
  await put(root, "/api/admin/channels/asleep", {
    name: "asleep",
    kind: "openai",
    base_url: stage.upstream,
    dialects: ["chat"],
    groups: ["default"],
    models: ["q"],
    credentials: [{ name: "main", key: "key-good", enabled: false }],
  });
  const { key } = await addKey(seeded.ana, "not-ready");
  const refused = await refusedCall(seeded, key, "q");
  expect(refused.status).toBe(503);
  const trace = await lookUp(page, seeded, refused.id);
  await expect(trace).toContainText("no channel that serves q is ready");
  await expect(trace).toContainText("the channels below say what each waits for");
  await expect(trace).toContainText(/asleep/);
});

test("a channel whose upstream refuses it", async ({ page, seeded }) => {
  const { key } = await addKey(seeded.ana, "upstream-refuses");
  const refused = await refusedCall(seeded, key, "k");
  expect(refused.status).toBeGreaterThanOrEqual(500);
  const trace = await lookUp(page, seeded, refused.id);
  await expect(trace).toContainText(/stale-key returned 401/);
  await expect(trace).toContainText("is for whoever runs this site");
});

test("a key that is disabled: the client says it, the list shows it, its id explains itself", async ({
  page,
  seeded,
}) => {
  const { ana, stage } = seeded;
  const { id, key } = await addKey(ana, "put-away");
  await ana.api.patch(`/api/tokens/${id}`, { data: { enabled: false } });
  const refused = await refusedCall(seeded, key, "m");
  expect(refused.status).toBe(401);
  expect(refused.message).toContain("switch it on under API keys in the console");
  await page.goto(`${stage.url}/usage?req=${refused.id}`);
  await expect(page.getByText("disabled, expired or revoked")).toBeVisible();
  await page.goto(`${stage.url}/tokens?f=status:disabled`);
  const row = page.locator("tr[data-row]", { hasText: "put-away" });
  await expect(row).toContainText("Disabled");
});
