import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { BatchOutcome, BatchPreview } from "@/api/types";
import { me, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { groupsOfUsers, user as userOf } from "@/users/users-fixture";

const people = ["ana", "ben", "chief"].map((name) => userOf(name));
const idOf = (name: string) => people.find(({ username }) => username === name)?.id ?? "";

const preview = (change: Partial<BatchPreview> = {}): BatchPreview => ({
  token: "ba_1",
  expires_at: "2026-11-28T12:00:00Z",
  undoable: true,
  items: [
    {
      id: idOf("ana"),
      name: "ana",
      changes: [{ path: "enabled", before: "true", after: "false" }],
    },
    {
      id: idOf("ben"),
      name: "ben",
      changes: [{ path: "enabled", before: "true", after: "false" }],
    },
    { id: idOf("chief"), name: "chief", changes: [], skipped: "forbidden", detail: "user `chief`" },
  ],
  ...change,
});

const outcome = (change: Partial<BatchOutcome> = {}): BatchOutcome => ({
  done: 2,
  items: [
    { id: idOf("ana"), name: "ana" },
    { id: idOf("ben"), name: "ben" },
  ],
  undo: { token: "ba_2", until: "2026-11-28T12:10:00Z" },
  ...change,
});

interface Sent {
  path: string;
  body: unknown;
  key: string | null;
}

/** A server that previews, applies and takes back what it is told to; `sent` is what it was asked. */
function server(
  sent: Sent[],
  answers: {
    preview?: () => Response;
    apply?: () => Response;
    undo?: () => Response;
    next?: string;
  } = {},
) {
  const step = (name: "preview" | "apply" | "undo", usual: () => Response) =>
    http.post(`/api/admin/batch/${name}`, async ({ request }) => {
      const key = request.headers.get("idempotency-key");
      sent.push({ path: name, body: await request.json(), key });
      return (answers[name] ?? usual)();
    });
  return [
    step("preview", () => HttpResponse.json(preview())),
    step("apply", () => HttpResponse.json(outcome())),
    step("undo", () => HttpResponse.json(outcome({ done: 2, undo: undefined as never }))),
    http.get("/api/admin/people", ({ request }) => {
      const isSecond = new URL(request.url).searchParams.get("cursor") !== null;
      const next = answers.next !== undefined && !isSecond ? { next: answers.next } : {};
      return HttpResponse.json({
        items: isSecond ? people.slice(2) : answers.next ? people.slice(0, 2) : people,
        approx_total: 3,
        ...next,
      });
    }),
    http.get("/api/admin/user-groups", () => HttpResponse.json({ items: groupsOfUsers })),
  ];
}

async function selectAll(user: ReturnType<typeof renderPage>["user"]) {
  await screen.findByRole("row", { name: /ana/ });
  await user.click(screen.getByRole("checkbox", { name: "Select all loaded rows" }));
}

async function open(act: string, handlers: ReturnType<typeof server>) {
  const { user } = renderPage("/admin/users", { me: root(), handlers });
  await selectAll(user);
  await user.click(await screen.findByRole("button", { name: act }));
  return { user, sheet: await screen.findByRole("dialog") };
}

describe("a change of many objects", () => {
  it("is shown, done and taken back", async () => {
    const sent: Sent[] = [];
    const { user, sheet } = await open("Disable", server(sent));
    expect(within(sheet).getByRole("heading", { name: "Disable 3 users" })).toBeVisible();
    const changes = await within(sheet).findByRole("list", { name: "What changes" });
    expect(changes).toHaveTextContent(/ana.*State: enabled becomes disabled/);
    const left = within(sheet).getByRole("list", { name: "1 stays as it is" });
    expect(left).toHaveTextContent(/chief.*your account may not change it/);
    expect(sent.map(({ path }) => path)).toEqual(["preview"]);
    expect(sent[0]?.body).toEqual({
      kind: "user",
      items: people.map(({ id }) => id),
      change: { enabled: false },
    });

    await user.click(within(sheet).getByRole("button", { name: "Disable 2 users" }));
    expect(await screen.findByText("2 users disabled")).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(screen.queryByRole("button", { name: "Clear the selection" })).toBeNull();
    expect(sent[1]).toEqual({ path: "apply", body: { token: "ba_1" }, key: "ba_1" });

    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(await screen.findByText("Undone: 2 users as before")).toBeVisible();
    expect(sent[2]?.body).toEqual({ token: "ba_2" });
  });

  it("sets limits as a whole, or takes them away", async () => {
    const sent: Sent[] = [];
    const changes = [{ path: "limits.concurrency", before: "9" }];
    const items = preview().items.map((one) => ({ ...one, changes }));
    const look = () => HttpResponse.json(preview({ items }));
    const { user, sheet } = await open("Limits", server(sent, { preview: look }));
    const form = within(sheet);
    const show = () => form.getByRole("button", { name: "Show what changes" });
    expect(show()).toHaveAttribute("aria-disabled", "true");
    await user.type(form.getByLabelText("Calls at once"), "4x");
    expect(show()).toHaveAttribute("aria-disabled", "true");
    await user.type(form.getByLabelText("Calls at once"), "{Backspace}");
    await user.click(show());
    const list = await form.findByRole("list", { name: "What changes" });
    expect(list).toHaveTextContent(/ana.*Calls at once: 9 becomes No limit/);
    await user.click(form.getByRole("checkbox", { name: "Take all limits away" }));
    await user.click(show());
    await waitFor(() =>
      expect(sent.map(({ body }) => (body as { change: object }).change)).toEqual([
        { limits: { concurrency: 4 } },
        { limits: {} },
      ]),
    );
  });

  it("tells of each object that was left, and still offers the way back", async () => {
    const sent: Sent[] = [];
    const partly = () =>
      HttpResponse.json(
        outcome({
          done: 1,
          items: [
            { id: idOf("ana"), name: "ana" },
            { id: idOf("ben"), name: "ben", failed: "changed" },
          ],
        }),
      );
    const stuck = () =>
      HttpResponse.json({
        done: 0,
        items: [{ id: idOf("ana"), name: "ana", failed: "changed" }],
      } satisfies BatchOutcome);
    const { user, sheet } = await open("Disable", server(sent, { apply: partly, undo: stuck }));
    await user.click(await within(sheet).findByRole("button", { name: "Disable 2 users" }));
    const result = await screen.findByRole("dialog");
    expect(await within(result).findByText("1 user disabled")).toBeVisible();
    const left = within(result).getByRole("list", { name: "1 was left as it is" });
    expect(left).toHaveTextContent(/ben.*someone changed it in the meantime/);
    await user.click(within(result).getByRole("button", { name: "Undo" }));
    expect(await screen.findByText("1 could not be undone")).toBeVisible();
    expect(screen.getAllByText(/ana: someone changed it/)[0]).toBeVisible();
  });

  it("is looked at again when what was shown is too old, and repeated with its key", async () => {
    const sent: Sent[] = [];
    const answers = [
      () => problem(503, "unavailable"),
      () => problem(410, "expired"),
      () => HttpResponse.json(outcome()),
    ];
    const { user, sheet } = await open(
      "Enable",
      server(sent, { apply: () => answers.shift()?.() ?? HttpResponse.error() }),
    );
    const apply = () => within(sheet).findByRole("button", { name: "Enable 2 users" });
    await user.click(await apply());
    expect(await within(sheet).findByText(/cannot answer at the moment/)).toBeVisible();
    await user.click(await apply());
    expect(await within(sheet).findByText(/too old to be done/)).toBeVisible();
    expect(sent.filter(({ path }) => path === "apply").map(({ key }) => key)).toEqual([
      "ba_1",
      "ba_1",
    ]);
    await user.click(within(sheet).getByRole("button", { name: "Look again" }));
    await user.click(await apply());
    expect(await screen.findByText("2 users enabled")).toBeVisible();
    expect(sent.filter(({ path }) => path === "preview")).toHaveLength(2);
  });

  it("asks for the number before what cannot be taken back", async () => {
    const sent: Sent[] = [];
    const { user } = renderPage("/admin/users", {
      me: root(),
      handlers: server(sent, { preview: () => HttpResponse.json(preview({ undoable: false })) }),
    });
    await selectAll(user);
    await user.click(screen.getByRole("button", { name: "More actions" }));
    await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
    const sheet = await screen.findByRole("dialog");
    expect(await within(sheet).findByText("This cannot be undone.")).toBeVisible();
    const verb = () => within(sheet).getByRole("button", { name: "Delete 2 users" });
    await user.click(verb());
    expect(sent.map(({ path }) => path)).toEqual(["preview"]);
    await user.type(within(sheet).getByLabelText("Type 2 to confirm"), "2");
    await user.click(verb());
    await waitFor(() => expect(sent.map(({ path }) => path)).toEqual(["preview", "apply"]));
  });

  it("means what was chosen, and shows it anew when the choice changes", async () => {
    const sent: Sent[] = [];
    const { user, sheet } = await open("User group", server(sent));
    const group = await within(sheet).findByLabelText("User group");
    expect(within(sheet).queryByRole("button", { name: /^Move/ })).toBeNull();
    const name = groupsOfUsers[0]?.name ?? "";
    await user.selectOptions(group, await within(sheet).findByRole("option", { name }));
    expect(sent).toEqual([]);
    await user.click(within(sheet).getByRole("button", { name: "Show what changes" }));
    expect(await within(sheet).findByRole("button", { name: "Move 2 users" })).toBeVisible();
    expect(sent[0]?.body).toMatchObject({ change: { user_group: name } });
    await user.selectOptions(group, "");
    expect(within(sheet).queryByRole("button", { name: "Move 2 users" })).toBeNull();
  });

  it("says so when nothing would change, or the server refuses", async () => {
    const sent: Sent[] = [];
    const nothing = preview({ items: preview().items.slice(2) });
    const { token: _, ...bare } = nothing;
    const answers = [
      () => problem(422, "invalid", { detail: "no enabled root user would be left" }),
      () => HttpResponse.json(bare),
    ];
    const { user, sheet } = await open(
      "Disable",
      server(sent, { preview: () => answers.shift()?.() ?? HttpResponse.error() }),
    );
    expect(await within(sheet).findByText(/did not accept this/)).toBeVisible();
    await user.click(within(sheet).getByRole("button", { name: "Look again" }));
    const [notice] = await within(sheet).findAllByText("None of these would change.");
    expect(notice).toBeVisible();
    const verb = within(sheet).getByRole("button", { name: "Disable 0 users" });
    expect(verb).toHaveAttribute("aria-disabled", "true");
  });

  it("reaches all that match, not only what is loaded", async () => {
    const sent: Sent[] = [];
    const { user } = renderPage("/admin/users", {
      me: root(),
      handlers: server(sent, { next: "2" }),
    });
    await selectAll(user);
    await user.click(screen.getByRole("button", { name: /^Select all of about/ }));
    await user.click(screen.getByRole("button", { name: "Disable" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.body).toMatchObject({ items: people.map(({ id }) => id) });
  });

  it("is not offered to those who may only look", async () => {
    const reader = me({ id: "us_3", role: "admin", permissions: ["operate"] });
    renderPage("/admin/users", { me: reader, handlers: server([]) });
    await screen.findByRole("row", { name: /ana/ });
    expect(screen.queryByRole("checkbox", { name: "Select all loaded rows" })).toBeNull();
  });
});

describe("many API keys of one's own", () => {
  it("are changed by the routes of their owner", async () => {
    const keys = ["one", "two"].map((name) => ({
      id: `ak_${name}`,
      name,
      hint: "9f3a",
      enabled: true,
      status: "active",
      revealable: true,
      channel_groups: [],
      created_at: "2026-11-01T00:00:00Z",
      updated_at: "2026-11-01T00:00:00Z",
    }));
    let sent: unknown;
    const { user } = renderPage("/tokens", {
      handlers: [
        http.get("/api/tokens", () => HttpResponse.json({ items: keys })),
        http.post("/api/tokens/batch/preview", async ({ request }) => {
          sent = await request.json();
          const items = keys.map(({ id, name }) => ({ id, name, changes: [] }));
          return HttpResponse.json(preview({ undoable: false, items }));
        }),
      ],
    });
    await screen.findByRole("row", { name: /one/ });
    await user.click(screen.getByRole("checkbox", { name: "Select all loaded rows" }));
    await user.click(screen.getByRole("button", { name: "More actions" }));
    await user.click(await screen.findByRole("menuitem", { name: "Revoke" }));
    const sheet = await screen.findByRole("dialog", { name: "Revoke 2 API keys" });
    const rows = await within(sheet).findByRole("list", { name: "What changes" });
    expect(rows).toHaveTextContent(/one.*is revoked/);
    expect(sent).toEqual({ items: ["ak_one", "ak_two"], change: { revoke: true } });
  });
});
