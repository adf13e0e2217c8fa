import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { EntryView, Me } from "@/api/types";
import { balance, entries } from "@/balance/balance-fixture";
import { addUsd } from "@/format/money";
import { features, me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { user as userOf } from "./users-fixture";

interface Sent {
  amount_usd: string;
  reason: string;
  key: string;
}

const paying = { features: features({ billing: true }) };
const boss = root(paying);
const admin = me({ ...paying, id: "us_boss", role: "admin", permissions: operatorPermissions });

/** A server that moves money once for each key, and takes no more than there is. */
function site(available = "10") {
  const sent: Sent[] = [];
  const keys = new Map<string, string>();
  let now = balance({ available_usd: available });
  const done: EntryView[] = [...entries];
  const handlers = [
    http.get("/api/admin/people/ben", () => HttpResponse.json(userOf("ben"))),
    http.get("/api/admin/users/ben/balance", () => HttpResponse.json(now)),
    http.get("/api/admin/users/ben/balance/entries", () => HttpResponse.json({ items: done })),
    http.post("/api/admin/users/ben/balance", async ({ request }) => {
      const body = (await request.json()) as Sent;
      sent.push(body);
      const before = keys.get(body.key);
      if (before !== undefined && before !== body.amount_usd) return problem(409, "conflict");
      if (before === undefined) {
        const after = addUsd(now.available_usd, body.amount_usd);
        if (after.startsWith("-")) return problem(409, "conflict");
        now = { ...now, available_usd: after };
        keys.set(body.key, body.amount_usd);
      }
      return HttpResponse.json(now);
    }),
  ];
  return { sent, handlers, set: (usd: string) => (now = { ...now, available_usd: usd }) };
}

function open(who: Me = boss, at = site()) {
  return { ...renderPage("/admin/users/ben/balance", { me: who, handlers: at.handlers }), ...at };
}

async function openForm({ user }: ReturnType<typeof open>) {
  await screen.findByRole("list", { name: "The balance now" });
  await user.click(screen.getByRole("button", { name: "Adjust" }));
  return within(await screen.findByRole("dialog", { name: "Adjust the balance of ben" }));
}

describe("the balance of a user", () => {
  it("is that of their own page, with who did what and links to everyone's calls", async () => {
    open(admin);
    expect(await screen.findByRole("tab", { name: "Balance" })).toHaveAttribute(
      "aria-selected",
      "true",
    );
    const grid = within(await screen.findByRole("grid", { name: "Movements" }));
    expect(grid.getByRole("columnheader", { name: /Done by/ })).toBeVisible();
    const [link] = await grid.findAllByRole("link", { name: /Trace of call 01990000/ });
    expect(link).toHaveAttribute("href", "/admin/requests/01990000-0000-7000-8000-000000000001");
  });

  it("is not adjusted by an admin, who reads why", async () => {
    const { user, sent } = open(admin);
    const button = await screen.findByRole("button", { name: "Adjust" });
    expect(button).toHaveAccessibleDescription("Only root accounts may do this");
    await user.click(button);
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(sent).toEqual([]);
  });

  it("has no tab where nobody pays, and its address says so", async () => {
    open(root());
    expect(await screen.findByText("This is switched off")).toBeVisible();
    expect(screen.queryByRole("tab", { name: "Balance" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Adjust" })).toBeNull();
  });
});

describe("an adjustment", () => {
  it("shows what will be there, and is sent once with a key and a reason", async () => {
    const page = open();
    const { user, sent } = page;
    const form = await openForm(page);
    await user.type(form.getByLabelText("Amount"), "+25.5");
    await user.type(form.getByLabelText("Reason"), "Invoice 7");
    expect(form.getByText(/→/)).toHaveTextContent("$10.00 → $35.50");
    await user.dblClick(form.getByRole("button", { name: "Give $25.50" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent).toHaveLength(1);
    const [first] = sent;
    expect(first).toEqual({
      amount_usd: "25.5",
      reason: "Invoice 7",
      key: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(await screen.findByText("$35.50")).toBeVisible();
    const again = await openForm(page);
    await user.type(again.getByLabelText("Amount"), "1");
    await user.type(again.getByLabelText("Reason"), "x");
    await user.click(again.getByRole("button", { name: "Give $1.00" }));
    await waitFor(() => expect(sent.at(-1)?.amount_usd).toBe("1"));
    expect(sent.at(-1)?.key).not.toBe(first?.key);
  });

  it("keeps its key when it is sent again after no answer came, so that money moves once", async () => {
    const page = open();
    const { user, sent } = page;
    server.use(
      http.post(
        "/api/admin/users/ben/balance",
        async ({ request }) => {
          sent.push((await request.clone().json()) as Sent);
          return HttpResponse.error();
        },
        { once: true },
      ),
    );
    const form = await openForm(page);
    await user.type(form.getByLabelText("Amount"), "5");
    await user.type(form.getByLabelText("Reason"), "Sorry");
    await user.click(form.getByRole("button", { name: "Give $5.00" }));
    expect(await form.findByRole("alert")).toHaveTextContent("The server cannot be reached");
    expect(form.getByLabelText("Amount")).toHaveValue("5");
    await user.click(form.getByRole("button", { name: "Give $5.00" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  });

  it("warns of taking more than there is, and tells what there is when the server refuses it", async () => {
    const page = open();
    const { user, set } = page;
    const form = await openForm(page);
    await user.type(form.getByLabelText("Amount"), "-8");
    await user.type(form.getByLabelText("Reason"), "Mistake");
    expect(form.queryByText(/takes more than is available/)).toBeNull();
    set("3.25");
    await user.click(form.getByRole("button", { name: "Take $8.00" }));
    const alert = await form.findByRole("alert");
    expect(alert).toHaveTextContent("Nothing was moved: only $3.25 is available.");
    expect(await form.findByText(/takes more than is available/)).toBeVisible();
    expect(form.getByLabelText("Reason")).toHaveValue("Mistake");
  });

  it("says that the form is used up when it moved another amount before", async () => {
    const page = open();
    const { user } = page;
    server.use(http.post("/api/admin/users/ben/balance", () => problem(409, "conflict")));
    const form = await openForm(page);
    await user.type(form.getByLabelText("Amount"), "5");
    await user.type(form.getByLabelText("Reason"), "Sorry");
    await user.click(form.getByRole("button", { name: "Give $5.00" }));
    expect(await form.findByRole("alert")).toHaveTextContent("this form moved another amount");
  });

  it("takes no amount that is none, and wants a reason", async () => {
    const page = open();
    const { user, sent } = page;
    const form = await openForm(page);
    await user.type(form.getByLabelText("Amount"), "1,5");
    await user.click(form.getByRole("button", { name: "Adjust" }));
    expect(form.getByLabelText("Amount")).toHaveAccessibleDescription(/An amount like 25/);
    expect(form.getByLabelText("Reason")).toHaveAccessibleDescription(/Fill this in/);
    await user.clear(form.getByLabelText("Amount"));
    await user.type(form.getByLabelText("Amount"), "0");
    expect(form.getByLabelText("Amount")).toHaveAccessibleDescription(/This moves nothing/);
    expect(sent).toEqual([]);
  });

  it("asks again who it is where the server wants to know, and goes on with the same key", async () => {
    const page = open();
    const { user, sent } = page;
    let isFresh = false;
    server.use(
      http.post("/api/admin/users/ben/balance", async ({ request }) => {
        if (isFresh) return undefined;
        sent.push((await request.clone().json()) as Sent);
        return problem(403, "reauthentication_needed");
      }),
      http.post("/api/me/reauthenticate", () => {
        isFresh = true;
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const form = await openForm(page);
    await user.type(form.getByLabelText("Amount"), "5");
    await user.type(form.getByLabelText("Reason"), "Sorry");
    await user.click(form.getByRole("button", { name: "Give $5.00" }));
    await user.type(await screen.findByLabelText("Password"), "correct horse");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent).toHaveLength(2);
    expect(sent[0]).toEqual(sent[1]);
  });
});
