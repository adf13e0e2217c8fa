import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import { me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { channel } from "./fixtures/channels";
import { channelHandlers, takeChanges } from "./fixtures/handlers";

type Seen = { body: unknown; ifMatch: string | null }[];
const admin = me({ role: "admin", permissions: operatorPermissions });

function open(path: string, more: Parameters<typeof renderPage>[1] & object = {}) {
  return renderPage(path, {
    me: root(),
    ...more,
    handlers: [...(more.handlers ?? []), ...channelHandlers()],
  });
}

describe("a channel's page", () => {
  it("says what is wrong and where it is mended", async () => {
    const { user, pages } = open("/admin/channels/openrouter");
    expect(await screen.findByRole("heading", { level: 1 })).toHaveTextContent("openrouter");
    expect(await screen.findByText("credentials rest: key refused")).toBeInTheDocument();
    expect(document.title).toBe("openrouter · Realms");
    const failing = screen.getAllByRole("link", { name: "Failed calls" })[0];
    const address = new URL(failing?.getAttribute("href") ?? "", "http://localhost");
    expect(address.searchParams.get("f")).toBe("channel:openrouter outcome:rejected,failed,broken");
    await user.click(screen.getByRole("link", { name: "Credentials" }));
    await waitFor(() =>
      expect(pages.state.location.pathname).toBe("/admin/channels/openrouter/credentials"),
    );
  });

  it("says that there is no such channel", async () => {
    open("/admin/channels/gone");
    expect(await screen.findByText("This does not exist, or no longer.")).toBeInTheDocument();
  });

  it("hides the dangerous from those who may not change channels", async () => {
    open("/admin/channels/pro-1", { me: { ...admin, permissions: ["operate"] } });
    expect(await screen.findByRole("tab", { name: "Routing" })).toBeInTheDocument();
    expect(screen.queryByRole("tab", { name: "Danger" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Disable channel" })).toBeNull();
  });

  it("goes back to the list once it is deleted", async () => {
    let deleted = false;
    const remove = http.delete("/api/admin/channels/pro-1", () => {
      deleted = true;
      return new HttpResponse(null, { status: 204 });
    });
    const { user, pages } = open("/admin/channels/pro-1/danger", { handlers: [remove] });
    await user.click(await screen.findByRole("button", { name: "Delete channel" }));
    const question = await screen.findByRole("dialog");
    await user.type(within(question).getByLabelText("Type pro-1 to confirm"), "pro-1");
    await user.click(within(question).getByRole("button", { name: "Delete channel" }));
    await waitFor(() => expect(pages.state.location.pathname).toBe("/admin/channels"));
    expect(deleted).toBe(true);
  });
});

describe("the routing of a channel", () => {
  const path = "/admin/channels/pro-1/routing";

  it("sends only what was changed, for the version it was changed from", async () => {
    const seen: Seen = [];
    const { user } = open(path, { handlers: [takeChanges(seen)] });
    const priority = await screen.findByLabelText("Priority");
    await user.clear(priority);
    await user.type(priority, "20");
    await user.click(screen.getByRole("checkbox", { name: "team" }));
    await user.click(screen.getByRole("button", { name: "2 changes" }));
    expect(screen.getByText("Priority:").closest("li")).toHaveTextContent("Priority: 10 → 20");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(seen).toHaveLength(1));
    expect(seen[0]).toEqual({
      body: { name: "pro-1", priority: 20, groups: ["default", "team"] },
      ifMatch: '"v1"',
    });
    await waitFor(() => expect(screen.queryByRole("button", { name: "Save" })).toBeNull());
  });

  it("is promoted and limited, and takes no limit that is none", async () => {
    const seen: Seen = [];
    const { user } = open(path, { handlers: [takeChanges(seen)] });
    await user.click(await screen.findByRole("checkbox", { name: /^Promoted/ }));
    const calls = screen.getByLabelText("Calls at once");
    await user.type(calls, "0");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(screen.getByRole("alert")).toHaveTextContent("At least 1.");
    expect(seen).toEqual([]);
    await user.clear(calls);
    await user.type(calls, "8");
    await user.click(screen.getByRole("button", { name: "2 changes" }));
    expect(screen.getByText("Calls at once:").closest("li")).toHaveTextContent("No limit → 8");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(seen[0]?.body).toEqual({ name: "pro-1", promoted: true, limits: { concurrency: 8 } }),
    );
  });

  it("clears limits, and tells of them on the overview", async () => {
    const seen: Seen = [];
    const limited = http.get("/api/admin/channels/pro-1", () =>
      HttpResponse.json(channel({ promoted: true, limits: { streams: 2 } }), {
        headers: { etag: '"v1"' },
      }),
    );
    const { user } = open("/admin/channels/pro-1", { handlers: [limited, takeChanges(seen)] });
    expect(await screen.findByText("2 streams at once")).toBeVisible();
    await user.click(screen.getByRole("tab", { name: "Routing" }));
    await user.clear(await screen.findByLabelText("Streams at once"));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(seen[0]?.body).toEqual({ name: "pro-1", limits: {} }));
  });

  it("shows what someone else changed, and puts one's own on top of it", async () => {
    const seen: (string | null)[] = [];
    let version = 1;
    const handlers = [
      http.get("/api/admin/channels/pro-1", () =>
        HttpResponse.json(channel({ weight: version === 1 ? 2 : 7 }), {
          headers: { etag: `"v${version}"` },
        }),
      ),
      http.put("/api/admin/channels/pro-1", ({ request }) => {
        const match = request.headers.get("if-match");
        seen.push(match);
        if (seen.length > 1) return HttpResponse.json(channel());
        version = 2;
        return problem(412, "changed");
      }),
    ];
    const { user } = open(path, { handlers });
    const priority = await screen.findByLabelText("Priority");
    await user.clear(priority);
    await user.type(priority, "20");
    await user.click(screen.getByRole("button", { name: "Save" }));
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent(/Someone else changed this/);
    expect(alert).toHaveTextContent("Weight: 2 → 7");
    await user.click(within(alert).getByRole("button", { name: "Keep my changes on top" }));
    expect(screen.getByLabelText("Weight")).toHaveValue("7");
    expect(screen.getByLabelText("Priority")).toHaveValue("20");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(seen).toEqual(['"v1"', '"v2"']));
  });

  it("says what the vendor is paid of prices, and takes nothing that is no part", async () => {
    const seen: Seen = [];
    const { user } = open(path, { handlers: [takeChanges(seen)] });
    const cost = await screen.findByLabelText(/^Cost multiplier/);
    await user.type(cost, "60 %");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(screen.getByRole("alert")).toHaveTextContent("A number from 0 on");
    expect(seen).toEqual([]);
    await user.clear(cost);
    await user.type(cost, "0.6");
    await user.click(screen.getByRole("button", { name: "1 change" }));
    expect(screen.getByText("Cost multiplier:").closest("li")).toHaveTextContent("Unknown → 0.6");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(seen[0]?.body).toEqual({ name: "pro-1", cost_multiplier: "0.6" }));
  });

  it("shows what the vendor is paid to who may not set prices", async () => {
    const shown = http.get("/api/admin/channels/pro-1", () =>
      HttpResponse.json(channel({ cost_multiplier: "0.6" }), { headers: { etag: '"v1"' } }),
    );
    open(path, { me: admin, handlers: [shown] });
    const cost = await screen.findByLabelText(/^Cost multiplier/);
    expect(cost).toHaveValue("0.6");
    expect(cost).toHaveAttribute("readonly");
    expect(cost).toHaveAccessibleDescription(/Set by whoever may set prices/);
  });

  it("wants the keys again for another host, and sends no key without", async () => {
    const seen: Seen = [];
    const { user } = open(path, { handlers: [takeChanges(seen)] });
    const url = await screen.findByLabelText("Base URL");
    await user.clear(url);
    await user.type(url, "https://other.example/v1");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(seen).toEqual([]);
    await user.type(screen.getByLabelText("Key of k1"), "sk-new-1");
    await user.type(screen.getByLabelText("Key of k2"), "sk-new-2");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(seen[0]?.body).toEqual({
        name: "pro-1",
        base_url: "https://other.example/v1",
        credentials: [
          { name: "k1", key: "sk-new-1" },
          { name: "k2", key: "sk-new-2" },
        ],
      }),
    );
  });
});

describe("the further addresses of a channel", () => {
  const path = "/admin/channels/pro-1/routing";

  it("are added, changed and removed, with mistakes at their fields", async () => {
    const seen: Seen = [];
    const endpoints = [
      "https://api.openai.com/eu",
      { base_url: "https://api.openai.com/us", priority: -5, enabled: false },
    ];
    const shown = http.get("/api/admin/channels/:name", () =>
      HttpResponse.json(channel({ endpoints }), { headers: { etag: '"v1"' } }),
    );
    const { user } = open(path, { handlers: [takeChanges(seen), shown] });
    expect(await screen.findByLabelText("Address 2")).toHaveValue("https://api.openai.com/us");
    expect(screen.getByLabelText("Priority of address 2")).toHaveValue("-5");
    expect(screen.getByLabelText("Address 2 takes calls")).not.toBeChecked();
    await user.click(screen.getByRole("button", { name: "Remove address 1" }));
    await user.click(screen.getByLabelText("Address 1 takes calls"));
    await user.click(screen.getByRole("button", { name: "Add an address" }));
    await user.type(screen.getByLabelText("Address 2"), "https://api.openai.com/v1/");
    expect(screen.getByLabelText("Address 2")).toHaveAccessibleDescription(
      "The channel has this address already.",
    );
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(seen).toEqual([]);
    await user.clear(screen.getByLabelText("Address 2"));
    await user.type(screen.getByLabelText("Address 2"), "https://api.openai.com/asia");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(seen[0]?.body).toEqual({
        name: "pro-1",
        endpoints: [
          { base_url: "https://api.openai.com/us", priority: -5, enabled: true },
          { base_url: "https://api.openai.com/asia", priority: -1, enabled: true },
        ],
      }),
    );
  });

  it("want the keys again where one leads to another host", async () => {
    const seen: Seen = [];
    const { user } = open(path, { handlers: [takeChanges(seen)] });
    await user.click(await screen.findByRole("button", { name: "Add an address" }));
    await user.type(screen.getByLabelText("Address 1"), "https://eu.example/v1");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(seen).toEqual([]);
    await user.type(screen.getByLabelText("Key of k1"), "sk-new-1");
    await user.type(screen.getByLabelText("Key of k2"), "sk-new-2");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(seen[0]?.body).toEqual({
        name: "pro-1",
        endpoints: [{ base_url: "https://eu.example/v1", priority: -1, enabled: true }],
        credentials: [
          { name: "k1", key: "sk-new-1" },
          { name: "k2", key: "sk-new-2" },
        ],
      }),
    );
  });
});

describe("the models of a channel", () => {
  const path = "/admin/channels/pro-1/models";

  it("are taken from the vendor's list, with what is new and what is gone", async () => {
    const seen: Seen = [];
    const { user } = open(path, { handlers: [takeChanges(seen)] });
    const theirs = await screen.findByRole("list", { name: "Models of the vendor" });
    const ours = screen.getByRole("list", { name: "Models it serves" });
    expect(within(theirs).getAllByText("New")).toHaveLength(2);
    expect(within(ours).getByText("Gone")).toBeInTheDocument();
    await user.click(within(theirs).getByRole("checkbox", { name: "gpt-6" }));
    await user.click(screen.getByRole("button", { name: "Serve one model" }));
    await user.click(screen.getByRole("button", { name: "Remove gone (1)" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(seen[0]?.body).toEqual({ name: "pro-1", models: ["gpt-5.2", "gpt-6"] }),
    );
  });

  it("are renamed by a pattern that is tried before", async () => {
    const seen: Seen = [];
    const { user } = open(path, { handlers: [takeChanges(seen)] });
    await user.click(await screen.findByRole("button", { name: "Rename by pattern" }));
    const dialog = await screen.findByRole("dialog");
    await user.clear(within(dialog).getByLabelText("Name for clients"));
    await user.type(within(dialog).getByLabelText("Name for clients"), "prod-*");
    expect(within(dialog).getByText("2 of 2 names change.")).toBeInTheDocument();
    await user.click(within(dialog).getByRole("button", { name: "Rename 2" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(seen[0]?.body).toEqual({
        name: "pro-1",
        models: [
          { name: "prod-gpt-5.2", upstream: "gpt-5.2" },
          { name: "prod-gpt-5.2-mini", upstream: "gpt-5.2-mini" },
        ],
      }),
    );
  });

  it("have a cost of their own, which half a price is not", async () => {
    const seen: Seen = [];
    const { user } = open(path, { handlers: [takeChanges(seen)] });
    await user.click(await screen.findByRole("button", { name: "Upstream cost of gpt-5.2" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.type(dialog.getByLabelText(/^Fresh input/), "0.75");
    await user.click(dialog.getByRole("button", { name: "Use" }));
    expect(dialog.getByText("A price needs both input and output.")).toBeVisible();
    await user.type(dialog.getByLabelText(/^Output/), "6");
    await user.click(dialog.getByRole("button", { name: "Use" }));
    expect(await screen.findByText("Costs $0.75 in, $6.00 out")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Save" }));
    const cost = { input_usd_per_1m: "0.75", output_usd_per_1m: "6" };
    await waitFor(() =>
      expect(seen[0]?.body).toEqual({
        name: "pro-1",
        models: [
          { name: "gpt-5.2", cost },
          { name: "fast", upstream: "gpt-5.2-mini" },
        ],
      }),
    );
  });

  it("have their cost said by nobody who may not set prices", async () => {
    open(path, { me: admin });
    expect(await screen.findByRole("checkbox", { name: "Choose gpt-5.2" })).toBeVisible();
    expect(screen.queryByRole("button", { name: /^Upstream cost of/ })).toBeNull();
  });

  it("cannot share a name", async () => {
    const seen: Seen = [];
    const { user } = open(path, { handlers: [takeChanges(seen)] });
    const name = await screen.findByLabelText("Name of gpt-5.2-mini for clients");
    await user.clear(name);
    await user.type(name, "gpt-5.2");
    expect(screen.getAllByText("Name used twice")).toHaveLength(2);
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(seen).toEqual([]);
  });

  it("opens a test of those that are ticked", async () => {
    const { user, pages } = open(path);
    await user.click(await screen.findByRole("checkbox", { name: "Choose gpt-5.2-mini" }));
    await user.click(screen.getByRole("button", { name: "Test one" }));
    const sheet = await screen.findByRole("dialog", { name: "Test pro-1" });
    expect(await within(sheet).findByRole("checkbox", { name: "fast" })).toBeChecked();
    expect(within(sheet).getByRole("checkbox", { name: "gpt-5.2" })).not.toBeChecked();
    expect(pages.state.location.search).toMatchObject({ test: ["fast"] });
  });

  it("can be named where the vendor tells nothing", async () => {
    const dead = http.get("/api/admin/channels/pro-1/upstream-models", () =>
      problem(400, "invalid", { params: { failure: "connect" } }),
    );
    const { user } = open(path, { handlers: [dead] });
    expect(await screen.findByText("Nobody accepts the connection")).toBeInTheDocument();
    await user.type(screen.getByLabelText(/Serve by name/), "own-model{Enter}");
    expect(screen.getByLabelText("Name of own-model for clients")).toBeInTheDocument();
  });
});

describe("the credentials of a channel", () => {
  const path = "/admin/channels/pro-1/credentials";

  it("are replaced, added and removed, and never shown", async () => {
    const seen: Seen = [];
    const { user } = open(path, { handlers: [takeChanges(seen)] });
    expect(await screen.findByText(/ends …9f3a/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Key of k1" }));
    await user.type(screen.getByLabelText("Key of k1"), "sk-replaced");
    await user.click(screen.getByRole("button", { name: "Remove k2" }));
    await user.click(screen.getByRole("button", { name: "Add key" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("A new credential has no key.")).toBeInTheDocument();
    expect(seen).toEqual([]);
    await user.type(screen.getByLabelText("Key of k2"), "sk-added");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(seen[0]?.body).toEqual({
        name: "pro-1",
        credentials: [
          { name: "k1", enabled: true, key: "sk-replaced" },
          { name: "k2", enabled: true, key: "sk-added" },
        ],
      }),
    );
    await waitFor(() => expect(document.body.innerHTML).not.toContain("sk-added"));
  });

  it("have limits of their own, which an admin sets too", async () => {
    const seen: Seen = [];
    const { user } = open(path, { me: admin, handlers: [takeChanges(seen)] });
    const limits = within(await screen.findByRole("group", { name: "Limits of k2" }));
    await user.click(limits.getByText("Limits"));
    const requests = limits.getByLabelText("Requests a minute");
    await user.type(requests, "x");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(screen.getByRole("alert")).toHaveTextContent("A limit is no whole number from 1 on.");
    expect(seen).toEqual([]);
    await user.clear(requests);
    await user.type(requests, "60");
    expect(limits.getByText("60 requests a minute")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "1 change" }));
    expect(screen.getByText("k2: Requests a minute:")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(seen[0]?.body).toEqual({
        name: "pro-1",
        credentials: [
          { name: "k1", enabled: true },
          { name: "k2", enabled: true, limits: { requests_per_minute: 60 } },
        ],
      }),
    );
  });

  it("can be switched off by an admin, no more", async () => {
    const seen: Seen = [];
    const { user } = open(path, { me: admin, handlers: [takeChanges(seen)] });
    expect(await screen.findByText(/Only root may add/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Add key" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Remove k1" })).toBeNull();
    await user.click(screen.getByRole("switch", { name: "k1 takes calls" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(seen[0]?.body).toEqual({
        name: "pro-1",
        credentials: [
          { name: "k1", enabled: false },
          { name: "k2", enabled: true },
        ],
      }),
    );
  });
});
