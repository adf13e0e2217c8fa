import { expect, type Locator, type Page } from "@playwright/test";

import { addUser, enter, logIn, type Person } from "./people";
import { addChannels, addKey, put } from "./scene";
import { type Seeded, test } from "./seeded";

/** A deed that takes something away. */
interface Deed {
  what: string;
  /** Where it is done. */
  path: string;
  /** Leads to the question, by the way a person goes. */
  begin: (page: Page) => Promise<void>;
  /** What the question says will happen. */
  consequence: RegExp;
  /** The word on the button that does it. */
  verb: string;
  /** What must be typed first. */
  typed?: string;
  /** What is asked of the server to see whether it happened: 404, or what the body says. */
  there: string;
  gone?: (body: string) => boolean;
}

const menuOf = (name: string, verb: string) => async (page: Page) => {
  const row = page.locator("tr[data-row]", { hasText: name }).first();
  await row.getByRole("button", { name: new RegExp(`actions.*${name}`, "i") }).click();
  await page.getByRole("menuitem", { name: verb }).click();
};

const button = (name: string) => async (page: Page) =>
  await page.getByRole("main").getByRole("button", { name, exact: true }).first().click();

const deeds: Deed[] = [
  {
    what: "a channel",
    path: "/admin/channels/doomed/danger",
    begin: button("Delete channel"),
    consequence: /gone for good/,
    verb: "Delete channel",
    typed: "doomed",
    there: "/api/admin/channels/doomed",
  },
  {
    what: "a channel group",
    path: "/admin/channel-groups/doomed",
    begin: button("Delete group"),
    consequence: /no call changes its way/,
    verb: "Delete group",
    there: "/api/admin/channel-groups/doomed",
  },
  {
    what: "a user group",
    path: "/admin/user-groups/doomed",
    begin: button("Delete group"),
    consequence: /No user is in it/,
    verb: "Delete group",
    there: "/api/admin/user-groups/doomed",
  },
  {
    what: "a user",
    path: "/admin/users?q=doomed",
    begin: menuOf("doomed", "Delete user"),
    consequence: /gone for good.*calls in the last 30 days/,
    verb: "Delete user",
    typed: "doomed",
    there: "/api/admin/users/doomed",
  },
  {
    what: "a model",
    path: "/admin/models?q=doomed",
    begin: menuOf("doomed", "Delete"),
    consequence: /called 0 times|past calls keep their cost/,
    verb: "Delete",
    there: "/api/admin/models/doomed",
  },
  {
    what: "an API key, revoked",
    path: "/tokens?q=doomed",
    begin: menuOf("doomed", "Revoke key"),
    consequence: /stops working for good/,
    verb: "Revoke key",
    there: "/api/tokens?q=doomed",
    gone: (body) => body.includes('"revoked"'),
  },
];

async function makeDoomed({ stage, root }: Seeded) {
  await put(root, "/api/admin/channel-groups/doomed", { name: "doomed" });
  await put(root, "/api/admin/user-groups/doomed", { name: "doomed", channel_groups: ["default"] });
  await put(root, "/api/admin/models/doomed", { name: "doomed", owner: "maker" });
  await addChannels(stage, root, [{ name: "doomed", models: ["m"] }]);
  await addUser(stage, root, "doomed");
  await addKey(root, "doomed");
}

async function isThere(person: Person, { there, gone }: Deed): Promise<boolean> {
  const answer = await person.api.get(there);
  return answer.status() === 200 && !gone?.(await answer.text());
}

async function type(question: Locator, deed: Deed) {
  if (deed.typed === undefined) return;
  const verb = question.getByRole("button", { name: deed.verb, exact: true });
  await expect(verb, "can be pressed before the name is typed").toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await question.getByRole("textbox").fill(deed.typed);
}

test("whatever takes something away asks first, and says what will happen", async ({
  page,
  context,
  seeded,
}) => {
  await makeDoomed(seeded);
  await enter(context, seeded.root);
  for (const deed of deeds) {
    await test.step(deed.what, async () => {
      await page.goto(seeded.stage.url + deed.path);
      const question = page.getByRole("dialog");
      for (const done of [false, true]) {
        await deed.begin(page);
        await expect(question).toContainText(deed.consequence);
        if (done) {
          await type(question, deed);
          await question.getByRole("button", { name: deed.verb, exact: true }).click();
        } else {
          await question.getByRole("button", { name: "Cancel" }).click();
        }
        await expect(question).toBeHidden();
        expect(await isThere(seeded.root, deed), deed.what).toBe(!done);
      }
    });
  }
});

test("a session elsewhere is ended after a question", async ({ page, context, seeded }) => {
  const { stage, root } = seeded;
  const here = await addUser(stage, root, "two-places");
  const elsewhere = await logIn(stage, "two-places");
  await enter(context, here);
  await page.goto(`${stage.url}/account`);
  await page.getByRole("button", { name: "End", exact: true }).click();
  const question = page.getByRole("dialog");
  await expect(question).toContainText("signed out at once");
  expect((await elsewhere.api.get("/api/me")).status()).toBe(200);
  await question.getByRole("button", { name: "End session" }).click();
  await expect(question).toBeHidden();
  expect((await elsewhere.api.get("/api/me")).status()).toBe(401);
});

test("a setting taken back to its default waits for Save, and can be discarded", async ({
  page,
  context,
  seeded,
}) => {
  const { stage, root } = seeded;
  const path = "/api/admin/settings/site_name";
  await put(root, path, { value: "House" });
  await enter(context, root);
  await page.goto(`${stage.url}/admin/settings`);
  const name = page.getByLabel("Site name", { exact: true });
  await expect(name).toHaveValue("House");
  await page
    .getByRole("button", { name: /Reset to default/ })
    .first()
    .click();
  await expect(name).not.toHaveValue("House");
  expect((await (await root.api.get(path)).json()).value).toBe("House");
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(name).toHaveValue("House");
});

/** Forms whose changes are not saved yet: the way there, and the field that is changed. */
const forms: {
  path: string;
  from: string;
  way: (page: Page) => Locator;
  field: (page: Page) => Locator;
}[] = [
  {
    path: "/admin/settings",
    from: "/admin",
    way: (page) => page.getByRole("navigation").getByRole("link", { name: "Settings" }),
    field: (page) => page.getByLabel("Site name", { exact: true }),
  },
  {
    path: "/admin/channel-groups/pro",
    from: "/admin/channel-groups",
    way: (page) => page.locator("tr[data-row]", { hasText: "pro" }),
    field: (page) => page.getByLabel(/multiplier/i),
  },
  {
    path: "/admin/users/ana",
    from: "/admin/users",
    way: (page) => page.locator("tr[data-row]", { hasText: "ana" }),
    field: (page) => page.getByLabel(/e-mail/i),
  },
];

for (const { path, from, way, field: find } of forms) {
  test(`what is typed on ${path} is not lost by a link, Back or a reload`, async ({
    page,
    context,
    seeded,
  }) => {
    const field = (one: Page) => find(one).first();
    await enter(context, seeded.root);
    await page.goto(seeded.stage.url + from);
    await way(page).first().click();
    await expect(page).toHaveURL(seeded.stage.url + path);
    await expect(field(page)).toBeVisible();
    const typed = path.includes("users") ? "ana@example.org" : "7";
    await field(page).fill(typed);
    const question = page.getByRole("dialog", { name: /Leave/ });

    await page.getByRole("navigation").getByRole("link", { name: "Models" }).first().click();
    await expect(question).toBeVisible();
    await question.getByRole("button", { name: "Stay" }).click();
    await expect(question).toBeHidden();
    await expect(field(page)).toHaveValue(typed);

    await page.goBack({ waitUntil: "commit" }).catch(() => undefined);
    await expect(question).toBeVisible();
    await question.getByRole("button", { name: "Stay" }).click();
    await expect(field(page)).toHaveValue(typed);
    expect(new URL(page.url()).pathname).toBe(path);

    // The browser asks itself; what it says is its own.
    let asked = "";
    page.once("dialog", (dialog) => {
      asked = dialog.type();
      void dialog.dismiss();
    });
    await page.evaluate(() => {
      setTimeout(() => location.reload());
    });
    await expect.poll(() => asked).toBe("beforeunload");
    await expect(field(page)).toHaveValue(typed);

    await page.getByRole("button", { name: "Discard" }).click();
    await expect(page.getByRole("button", { name: "Discard" })).toBeHidden();
  });
}
