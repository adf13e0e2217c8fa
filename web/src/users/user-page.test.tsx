import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { Me, UserRow } from "@/api/types";
import { groupList } from "@/channel-groups/groups-fixture";
import { me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { lossesOf } from "./keys";
import {
  apiKey,
  auditList,
  groupsOfUsers,
  keyList,
  sessionList,
  stored,
  user as userOf,
} from "./users-fixture";

interface Sent {
  what: string;
  body: unknown;
  ifMatch: string | null;
}

/** A server with one user; what was sent to it, and how it answers a change. */
function site(shown: UserRow = userOf("ben"), refusal?: () => Response) {
  const sent: Sent[] = [];
  const keep = async ({ request }: { request: Request }) => {
    const { pathname } = new URL(request.url);
    const text = await request.text();
    sent.push({
      what: `${request.method} ${pathname.replace("/api/admin/", "")}`,
      body: text === "" ? undefined : JSON.parse(text),
      ifMatch: request.headers.get("if-match"),
    });
    return refusal?.() ?? HttpResponse.json({ key: "sk_made" });
  };
  const handlers = [
    http.get("/api/admin/people", () => HttpResponse.json({ items: [] })),
    http.get("/api/admin/people/:name", () => HttpResponse.json(shown)),
    http.get("/api/admin/users/:name", () =>
      HttpResponse.json(stored(shown), { headers: { etag: '"7"' } }),
    ),
    http.get("/api/admin/user-groups", () => HttpResponse.json({ items: groupsOfUsers })),
    http.get("/api/admin/channel-groups", () => HttpResponse.json({ items: groupList })),
    http.get("/api/admin/api-keys", () => HttpResponse.json({ items: keyList })),
    http.get("/api/admin/models", () => HttpResponse.json({ items: [] })),
    http.get("/api/admin/users/:name/sessions", () => HttpResponse.json({ items: sessionList })),
    http.put("/api/admin/*", keep),
    http.post("/api/admin/*", keep),
    http.delete("/api/admin/*", keep),
  ];
  return { sent, handlers };
}

const admin = me({ id: "us_boss", role: "admin", permissions: operatorPermissions });

function open(tab = "", who: Me = root(), { sent, handlers } = site()) {
  return { ...renderPage(`/admin/users/ben${tab}`, { me: who, handlers }), sent };
}

describe("the overview of a user", () => {
  it("tells who it is, what they used and what the group allows", async () => {
    open();
    expect(await screen.findByRole("heading", { level: 1, name: "ben" })).toBeVisible();
    const figures = screen.getByRole("list", { name: "What they used" });
    expect(figures).toHaveTextContent("$12.50");
    expect(figures).toHaveTextContent("41 calls");
    expect(await screen.findByText("default ×1")).toBeVisible();
    expect(document.title).toContain("ben");
  });

  it("sends only what was changed, for the version it was changed from", async () => {
    const { user, sent } = open();
    await user.selectOptions(await screen.findByLabelText("Group"), "team");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({
      what: "PUT users/ben",
      body: { username: "ben", group: "team" },
      ifMatch: '"7"',
    });
  });

  it("says which keys lose what by another group, before it is saved", async () => {
    const { user } = open();
    await user.selectOptions(await screen.findByLabelText("Group"), "vip");
    const notice = (await screen.findByText(/lose those which this group lacks/)).closest("div");
    expect(notice).toHaveTextContent("ci loses default");
    expect(notice).toHaveTextContent("only-default keeps none and stops working");
    expect(notice).not.toHaveTextContent("gone");
    expect(notice).not.toHaveTextContent("laptop");
  });

  it("does not overwrite what someone else changed, and loads theirs when asked", async () => {
    const refused = site(userOf("ben"), () => problem(412, "changed") as Response);
    const { user, sent } = open("", root(), refused);
    await user.selectOptions(await screen.findByLabelText("Group"), "team");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Someone else changed this");
    expect(sent).toHaveLength(1);
    expect(screen.getByLabelText("Group")).toHaveValue("team");
    await user.click(screen.getByRole("button", { name: "Load their version" }));
    await waitFor(() => expect(screen.getByLabelText("Group")).toHaveValue("default"));
    expect(screen.queryByRole("button", { name: "Save" })).not.toBeInTheDocument();
  });

  it("takes no address that is none", async () => {
    const { user, sent } = open();
    const email = await screen.findByLabelText("E-mail");
    await user.clear(email);
    await user.type(email, "ben@");
    expect(screen.getByText("This is no e-mail address.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(sent).toEqual([]);
  });

  it("limits what their keys may use together, and sends the limits as a whole", async () => {
    const { user, sent } = open();
    await user.type(await screen.findByLabelText("Requests a minute"), "120");
    await user.type(screen.getByLabelText("Streams at once"), "4");
    await user.click(screen.getByRole("button", { name: "2 changes" }));
    expect(screen.getByText("Requests a minute:").closest("li")).toHaveTextContent(
      "Requests a minute: No limit → 120",
    );
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.body).toEqual({
      username: "ben",
      limits: { requests_per_minute: 120, streams: 4 },
    });
  });

  it("takes no limit that is none, and shows limits only to who may not change them", async () => {
    const { user, sent, unmount } = open();
    const calls = await screen.findByLabelText("Calls at once");
    await user.type(calls, "0");
    expect(screen.getByText("At least 1.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(sent).toEqual([]);
    unmount();
    open("", me({ role: "admin", permissions: ["operate"] }));
    expect(await screen.findByLabelText("Calls at once")).toHaveAttribute("readonly");
  });

  it("deletes after the name was typed, and goes back to the list", async () => {
    const { user, sent, pages } = open();
    await user.click(await screen.findByRole("button", { name: "Delete user" }));
    const question = await screen.findByRole("dialog");
    expect(question).toHaveTextContent("API keys (3)");
    await user.type(within(question).getByRole("textbox"), "ben");
    await user.click(within(question).getByRole("button", { name: "Delete user" }));
    await waitFor(() => expect(pages.state.location.pathname).toBe("/admin/users"));
    expect(sent.map(({ what }) => what)).toEqual(["DELETE users/ben"]);
  });

  it("locks role, address and password for an admin, with the reason", async () => {
    const { user, sent } = open("", admin);
    expect(await screen.findByLabelText("Role")).toBeDisabled();
    expect(screen.getByLabelText("E-mail")).toHaveAttribute("readonly");
    const password = screen.getByRole("button", { name: "Set password" });
    expect(password).toHaveAttribute("aria-disabled", "true");
    expect(password).toHaveAccessibleDescription("Only root accounts may do this");
    await user.click(password);
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
    expect(screen.getByLabelText("Group")).toBeEnabled();
    expect(sent).toEqual([]);
  });

  it("locks everything about root for an admin, and about oneself what would shut one out", async () => {
    const { unmount } = open("", admin, site(userOf("ben", { role: "root" })));
    expect(await screen.findByLabelText("Group")).toBeDisabled();
    for (const name of ["Sign out everywhere", "Disable user", "Delete user"]) {
      expect(screen.getByRole("button", { name })).toHaveAttribute("aria-disabled", "true");
    }
    unmount();
    open("", root(), site(userOf("ben", { id: root().id, role: "root" })));
    expect(await screen.findByLabelText("Role")).toBeDisabled();
    expect(screen.getByRole("button", { name: "Delete user" })).toHaveAccessibleDescription(
      "This is your own account",
    );
  });

  it("tells what is used of budgets to whoever asks, and when it cannot", async () => {
    const { handlers } = site();
    const failing = http.get("/api/admin/users/ben/budgets", () => problem(503, "unavailable"));
    const { user } = renderPage("/admin/users/ben", {
      me: root(),
      handlers: [failing, ...handlers],
    });
    await user.click(await screen.findByRole("button", { name: "Show what is used" }));
    const retry = await screen.findByRole("button", { name: "Try again" });
    const budgets = [{ per: "day", usd: "4", used_usd: "1" }];
    server.use(http.get("/api/admin/users/ben/budgets", () => HttpResponse.json({ budgets })));
    await user.click(retry);
    expect(await screen.findByText("$1.00 used, 25%")).toBeVisible();
  });

  it("says that there is no such user, and when it cannot be loaded", async () => {
    const { handlers } = site();
    const missing = http.get("/api/admin/people/:name", () => problem(404, "not_found"));
    const { user } = renderPage("/admin/users/ben", {
      me: root(),
      handlers: [missing, ...handlers],
    });
    const retry = await screen.findByRole("button", { name: "Try again" });
    server.use(...handlers);
    await user.click(retry);
    expect(await screen.findByRole("tab", { name: "Overview" })).toBeVisible();
  });
});

describe("the keys of a user", () => {
  async function act(user: ReturnType<typeof renderPage>["user"], key: RegExp, name: string) {
    const row = await screen.findByRole("row", { name: key });
    await user.click(within(row).getByRole("button", { name: /More|Actions/ }));
    await user.click(await screen.findByRole("menuitem", { name: new RegExp(`^${name}`) }));
  }

  it("are those of this user alone, whatever their names say", async () => {
    const { handlers } = site();
    const more = http.get("/api/admin/api-keys", () =>
      HttpResponse.json({ items: [...keyList, apiKey("other", { user: "Ben" })] }),
    );
    renderPage("/admin/users/ben/keys", { me: root(), handlers: [more, ...handlers] });
    expect(await screen.findByText("laptop")).toBeVisible();
    expect(screen.getByText(/^<img src=x/)).toBeVisible();
    expect(screen.queryByText("other")).not.toBeInTheDocument();
    expect(document.querySelector("img")).toBeNull();
  });

  it("are switched off and revoked after a question", async () => {
    const { user, sent } = open("/keys", admin);
    await act(user, /laptop/, "Disable key");
    const question = await screen.findByRole("dialog");
    await user.click(within(question).getByRole("button", { name: "Disable key" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.body).toEqual({ user: "ben", name: "laptop", enabled: false });
    await act(user, /laptop/, "Revoke key");
    await user.click(
      within(await screen.findByRole("dialog")).getByRole("button", { name: "Revoke key" }),
    );
    await waitFor(() => expect(sent[1]?.what).toBe("POST api-keys/ak_laptop/revoke"));
  });

  it("are made by root, shown once, and gone with the dialog", async () => {
    const { user, sent } = open("/keys");
    await user.click(await screen.findByRole("button", { name: "Create key" }));
    const sheet = await screen.findByRole("dialog", { name: "Create a key for ben" });
    await user.type(within(sheet).getByLabelText("Name"), "server");
    await user.click(within(sheet).getByRole("button", { name: "Create key" }));
    expect(await screen.findByText("sk_made")).toBeVisible();
    expect(sent[0]?.body).toEqual({ user: "ben", name: "server", channel_groups: [] });
    await user.click(screen.getByRole("button", { name: "I saved it" }));
    expect(screen.queryByText("sk_made")).not.toBeInTheDocument();
  });

  it("are made with limits and a purpose", async () => {
    const { user, sent } = open("/keys");
    await user.click(await screen.findByRole("button", { name: "Create key" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Create a key for ben" }));
    await user.type(sheet.getByLabelText("Name"), "server");
    await user.click(sheet.getByText("Limits"));
    await user.type(sheet.getByLabelText("LLM tokens a minute"), "100000");
    await user.click(sheet.getByText("Good for"));
    await user.type(sheet.getByLabelText("Networks"), "10.0.0.0/8{Enter}");
    await user.click(sheet.getByRole("button", { name: "Create key" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.body).toEqual({
      user: "ben",
      name: "server",
      channel_groups: [],
      limits: { tokens_per_minute: 100_000 },
      rules: { addresses: ["10.0.0.0/8"] },
    });
  });

  it("are changed as they were seen, or not at all", async () => {
    const { handlers, sent } = site();
    let updated_at = apiKey("laptop").updated_at;
    const one = http.get("/api/admin/api-keys/ak_laptop", () =>
      HttpResponse.json(apiKey("laptop", { updated_at }), { headers: { etag: '"k3"' } }),
    );
    const { user } = renderPage("/admin/users/ben/keys", {
      me: root(),
      handlers: [one, ...handlers],
    });
    await act(user, /laptop/, "Edit key");
    const sheet = within(await screen.findByRole("dialog", { name: "Edit laptop of ben" }));
    expect(sheet.getByLabelText("Name")).toHaveAttribute("readonly");
    await user.click(sheet.getByText("Limits"));
    await user.type(sheet.getByLabelText("Calls at once"), "3");
    updated_at = "2026-11-24T08:00:00Z";
    await user.click(sheet.getByRole("button", { name: "Save" }));
    expect(await sheet.findByText(/Someone else changed this/)).toBeVisible();
    expect(sent).toEqual([]);
    updated_at = apiKey("laptop").updated_at;
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({
      what: "PUT api-keys",
      body: { user: "ben", name: "laptop", limits: { concurrency: 3 } },
      ifMatch: '"k3"',
    });
  });

  it("cost the part of every price that root says", async () => {
    const { handlers, sent } = site();
    const half = apiKey("laptop", { multiplier: "0.500000" });
    const one = http.get("/api/admin/api-keys/ak_laptop", () =>
      HttpResponse.json(half, { headers: { etag: '"k3"' } }),
    );
    const list = http.get("/api/admin/api-keys", () => HttpResponse.json({ items: [half] }));
    const { user } = renderPage("/admin/users/ben/keys", {
      me: root(),
      handlers: [one, list, ...handlers],
    });
    await act(user, /laptop/, "Edit key");
    const sheet = within(await screen.findByRole("dialog", { name: "Edit laptop of ben" }));
    const multiplier = sheet.getByLabelText("Multiplier");
    expect(multiplier).toHaveValue("0.5");
    await user.clear(multiplier);
    await user.type(multiplier, "0,2");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    expect(multiplier).toHaveAccessibleDescription(/at most 6 places, like 1.2/);
    expect(sent).toEqual([]);
    await user.clear(multiplier);
    await user.type(multiplier, "0.20");
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.body).toEqual({ user: "ben", name: "laptop", multiplier: "0.2" });
  });

  it("show their multiplier only to who may not set prices", async () => {
    const { user } = open("/keys", admin);
    await act(user, /laptop/, "Edit key");
    const sheet = within(await screen.findByRole("dialog", { name: "Edit laptop of ben" }));
    const multiplier = sheet.getByLabelText("Multiplier");
    expect(multiplier).toHaveAttribute("readonly");
    expect(multiplier).toHaveAccessibleDescription("Only who may set prices may change this.");
  });

  it("tell that they are narrowed and when they end", async () => {
    const { handlers } = site();
    const narrowed = apiKey("agent", {
      rules: { models: ["gpt-5*"], expires_at: "2026-11-20T08:00:00Z" },
    });
    const trial = apiKey("trial", { rules: { valid_for_s: 7_200 } });
    const list = http.get("/api/admin/api-keys", () =>
      HttpResponse.json({ items: [narrowed, trial] }),
    );
    renderPage("/admin/users/ben/keys", { me: root(), handlers: [list, ...handlers] });
    const row = await screen.findByRole("row", { name: /agent/ });
    expect(row).toHaveTextContent("Narrowed");
    expect(row).toHaveTextContent("Expired");
    const other = screen.getByRole("row", { name: /trial/ });
    expect(other).toHaveTextContent("2 hours after first use");
    expect(other).not.toHaveTextContent("Narrowed");
  });

  it("of a name that is taken are not replaced", async () => {
    const refused = site(userOf("ben"), () => problem(409, "conflict") as Response);
    const { user } = open("/keys", root(), refused);
    await user.click(await screen.findByRole("button", { name: "Create key" }));
    const sheet = await screen.findByRole("dialog");
    await user.type(within(sheet).getByLabelText("Name"), "laptop");
    await user.click(within(sheet).getByRole("button", { name: "Create key" }));
    expect(await within(sheet).findByText(/They have a key of this name/)).toBeVisible();
  });

  it("are not made by an admin, who would see a secret of someone else", async () => {
    open("/keys", admin);
    const make = await screen.findByRole("button", { name: "Create key" });
    expect(make).toHaveAccessibleDescription("Only root accounts may do this");
  });

  it("lose what another group lacks", () => {
    const keys = [
      apiKey("follows"),
      apiKey("some", { channel_groups: ["a", "b"] }),
      apiKey("all", { channel_groups: ["b"] }),
      apiKey("dead", { channel_groups: ["b"], revoked_at: "2026-11-20T08:00:00Z" }),
    ];
    const told = lossesOf(keys, ["a"]).map(({ key, groups, isAll }) => [key.name, groups, isAll]);
    expect(told).toEqual([
      ["some", ["b"], false],
      ["all", ["b"], true],
    ]);
    expect(lossesOf(keys, ["a", "b"])).toEqual([]);
  });
});

describe("the sessions of a user", () => {
  it("are ended one by one", async () => {
    const { user, sent } = open("/sessions", admin);
    const row = (await screen.findByText("203.0.113.7")).closest("li") as HTMLElement;
    await user.click(within(row).getByRole("button"));
    expect(sent).toEqual([]);
    await user.click(await screen.findByRole("button", { name: "End session" }));
    await waitFor(() => expect(sent[0]?.what).toBe("DELETE users/ben/sessions/se_1"));
  });

  it("stay, with the reason, where the server refuses", async () => {
    const refused = site(userOf("ben"), () => problem(403, "forbidden") as Response);
    const { user } = open("/sessions", root(), refused);
    const row = (await screen.findByText("203.0.113.7")).closest("li") as HTMLElement;
    await user.click(within(row).getByRole("button"));
    await user.click(await screen.findByRole("button", { name: "End session" }));
    expect(await screen.findByRole("alert")).toBeVisible();
    expect(screen.getByText("203.0.113.7")).toBeVisible();
  });

  it("of root are not an admin's to end", async () => {
    open("/sessions", admin, site(userOf("ben", { role: "root" })));
    const all = await screen.findByRole("button", { name: "Sign out everywhere" });
    expect(all).toHaveAttribute("aria-disabled", "true");
    const row = screen.getByText("203.0.113.7").closest("li") as HTMLElement;
    expect(within(row).getByRole("button")).toHaveAttribute("aria-disabled", "true");
  });
});

describe("usage and log of a user", () => {
  it("are asked for this user alone, with the conditions of the page besides", async () => {
    const asked: string[] = [];
    const note = (answer: object) => (info: { request: Request }) => {
      asked.push(new URL(info.request.url).searchParams.get("filter") ?? "");
      return HttpResponse.json(answer);
    };
    const { handlers } = site();
    const log = http.get("/api/admin/audit", note({ items: auditList }));
    const { unmount } = renderPage("/admin/users/ben/audit?f=action:user.update", {
      me: root(),
      handlers: [log, ...handlers],
    });
    expect(await screen.findByText("User changed")).toBeVisible();
    expect(asked).toEqual(["user:ben action:user.update"]);
    unmount();
    asked.length = 0;
    const calls = http.get("/api/admin/usage", note({ items: [] }));
    renderPage("/admin/users/ben/usage?f=model:m", { me: root(), handlers: [calls, ...handlers] });
    await waitFor(() => expect(asked).toEqual(["user:ben model:m"]));
    expect(screen.queryByRole("tab", { name: "By user" })).not.toBeInTheDocument();
  });

  it("have no tab for who may not read them", async () => {
    open("", me({ role: "admin", permissions: ["operate"] }));
    expect(await screen.findByRole("tab", { name: "Overview" })).toBeVisible();
    expect(screen.queryByRole("tab", { name: "Usage" })).not.toBeInTheDocument();
    expect(screen.queryByRole("tab", { name: "Audit log" })).not.toBeInTheDocument();
  });
});
