import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { ChannelGroup } from "@/config/objects";
import { me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { considered, decision } from "@/trace/fixtures/base";
import { channelList, group, groupList, statusList, userGroupList } from "./groups-fixture";
import { plain, ppmOf, productOf, textOf } from "./multiplier";
import { possibleParents, treeOf } from "./tree";

interface Sent {
  path: string;
  body: unknown;
  ifMatch: string | null;
}

/** A server with a tree of groups; what was sent to it. */
function site(keys: { id: string; name: string; user: string }[] = []) {
  const sent: Sent[] = [];
  const keep = async (request: Request) => {
    const path = decodeURIComponent(new URL(request.url).pathname.replace("/api/admin/", ""));
    sent.push({ path, body: await request.json(), ifMatch: request.headers.get("if-match") });
  };
  const one = <T extends { name: string }>(items: readonly T[], name: unknown) =>
    items.find((item) => item.name === name);
  const handlers = [
    http.get("/api/admin/channel-groups", () => HttpResponse.json({ items: groupList })),
    http.get("/api/admin/channels", () => HttpResponse.json({ items: channelList })),
    http.get("/api/admin/user-groups", () => HttpResponse.json({ items: userGroupList })),
    http.get("/api/admin/channel-status", () => HttpResponse.json({ items: statusList })),
    http.get("/api/admin/api-keys", () =>
      HttpResponse.json({ items: keys, approx_total: keys.length }),
    ),
    http.get("/api/admin/channel-groups/:name", ({ params }) => {
      const found = one<ChannelGroup>(groupList, params.name) ?? group(String(params.name));
      return HttpResponse.json(found, { headers: { etag: '"g1"' } });
    }),
    http.get("/api/admin/channels/:name", ({ params }) =>
      HttpResponse.json(one(channelList, params.name), { headers: { etag: '"c7"' } }),
    ),
    http.put("/api/admin/channel-groups/:name", async ({ request, params }) => {
      await keep(request);
      return HttpResponse.json(group(String(params.name)));
    }),
    http.put("/api/admin/channels/:name", async ({ request, params }) => {
      await keep(request);
      return HttpResponse.json(one(channelList, params.name));
    }),
  ];
  return { sent, handlers };
}

const open = (path: string, who = root(), { handlers, sent } = site()) => ({
  ...renderPage(path, { me: who, handlers }),
  sent,
});

describe("the tree", () => {
  it("shows groups in the order to try, with the product of multipliers, channels and users", async () => {
    open("/admin/channel-groups");
    const table = await screen.findByRole("grid", { name: "Channel groups" });
    const texts = () =>
      within(table)
        .getAllByRole("row")
        .slice(1)
        .map((row) => row.textContent ?? "");
    // Members and users come from lists of their own.
    await waitFor(() => expect(texts()[0]).toMatch(/pro-1.*pro-2.*std-1/));
    await waitFor(() => expect(texts()[0]).toContain("team"));
    const names = texts();
    expect(names.map((text) => /^(pro|fast|cheap|night|default)/.exec(text)?.[0])).toEqual([
      "pro",
      "fast",
      "cheap",
      "night",
      "default",
    ]);
    expect(names[0]).toContain("×1.2");
    expect(names[1]).toContain("×1.8");
    expect(names[2]).toContain("×0.399999");
    expect(names[3]).toContain("because of a group above");
    expect(names[3]).toContain("×0.199999");
  });

  it("makes a group and opens it", async () => {
    const { user, sent, pages } = open("/admin/channel-groups");
    await user.click(await screen.findByRole("button", { name: "Create group" }));
    const dialog = await screen.findByRole("dialog", { name: "New channel group" });
    await user.type(within(dialog).getByLabelText("Name"), "vip");
    await user.selectOptions(within(dialog).getByLabelText("Lies in"), "pro");
    await user.click(within(dialog).getByRole("button", { name: "Create group" }));
    await waitFor(() => expect(pages.state.location.pathname).toBe("/admin/channel-groups/vip"));
    expect(sent).toEqual([
      {
        path: "channel-groups/vip",
        body: { name: "vip", parent: "pro", multiplier: "1" },
        ifMatch: null,
      },
    ]);
  });

  it("does not write over a group of the same name", async () => {
    const { user, sent } = open("/admin/channel-groups");
    await user.click(await screen.findByRole("button", { name: "Create group" }));
    const dialog = await screen.findByRole("dialog", { name: "New channel group" });
    await user.type(within(dialog).getByLabelText("Name"), "pro");
    await user.click(within(dialog).getByRole("button", { name: "Create group" }));
    expect(await within(dialog).findByText("There is a group of this name already.")).toBeVisible();
    expect(sent).toEqual([]);
  });

  it("tells what went wrong, and tries again", async () => {
    const { handlers } = site();
    const failing = http.get("/api/admin/channel-groups", () => problem(500, "internal"));
    const { user } = renderPage("/admin/channel-groups", {
      me: root(),
      handlers: [failing, ...handlers],
    });
    const retry = await screen.findByRole("button", { name: "Try again" });
    server.use(...handlers);
    await user.click(retry);
    expect(await screen.findByText("×1.8")).toBeVisible();
  });

  it("is not for a plain user, and only to be read without the right to change it", async () => {
    open("/admin/channel-groups", me());
    expect(await screen.findByText("This is not for your account")).toBeVisible();
  });

  it("has nothing to press for who may only look", async () => {
    open("/admin/channel-groups", me({ role: "admin", permissions: ["operate"] }));
    expect(await screen.findByText("×1.8")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Create group" })).toBeNull();
  });
});

describe("a group", () => {
  it("is saved with what changed only, for the version it was changed from", async () => {
    const { user, sent } = open("/admin/channel-groups/pro");
    const multiplier = await screen.findByLabelText("Multiplier");
    expect(screen.getByText(/Effective ×1.2:/)).toBeVisible();
    await user.clear(multiplier);
    await user.type(multiplier, "1.5");
    expect(screen.getByText(/Effective ×1.5:/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Take std-1 out" }));
    await user.selectOptions(screen.getByLabelText("Choose a channel"), '<b onclick="x">bold</b>');
    await user.click(screen.getByRole("button", { name: "Add" }));
    await user.click(screen.getByRole("button", { name: "3 changes" }));
    expect(screen.getByText("1.2")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toHaveLength(3));
    expect(sent).toEqual([
      { path: "channel-groups/pro", body: { name: "pro", multiplier: "1.5" }, ifMatch: '"g1"' },
      {
        path: 'channels/<b onclick="x">bold</b>',
        body: { name: '<b onclick="x">bold</b>', groups: ["pro"] },
        ifMatch: '"c7"',
      },
      { path: "channels/std-1", body: { name: "std-1", groups: [] }, ifMatch: '"c7"' },
    ]);
    await waitFor(() => expect(screen.queryByRole("button", { name: "Save" })).toBeNull());
  });

  it("pins a channel of it or of a group in it, which then comes first", async () => {
    const { user, sent } = open("/admin/channel-groups/pro");
    await user.selectOptions(await screen.findByLabelText("Pinned channel"), "std-1");
    const list = within(screen.getByRole("list", { name: "Channels in the order to try" }));
    expect(list.getAllByRole("listitem")[0]).toHaveTextContent(/std-1.*Pinned/);
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(sent).toEqual([
        { path: "channel-groups/pro", body: { name: "pro", pinned: "std-1" }, ifMatch: '"g1"' },
      ]),
    );
  });

  it("says that a pinned channel that it does not lead to changes nothing, and lets it go", async () => {
    const { handlers, sent } = site();
    const pinned = groupList.map((one) => (one.name === "pro" ? { ...one, pinned: "gone" } : one));
    const list = http.get("/api/admin/channel-groups", () => HttpResponse.json({ items: pinned }));
    const { user } = renderPage("/admin/channel-groups/pro", {
      me: root(),
      handlers: [list, ...handlers],
    });
    expect(await screen.findByText(/gone is neither in this group nor/)).toBeVisible();
    await user.selectOptions(screen.getByLabelText("Pinned channel"), "");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent[0]?.body).toEqual({ name: "pro", pinned: "" }));
  });

  it("says when someone else was faster, and shows theirs when asked to", async () => {
    const { handlers } = site();
    const stale = http.put("/api/admin/channel-groups/pro", () =>
      problem(412, "changed", { params: { updated_at: new Date().toISOString() } }),
    );
    const { user } = renderPage("/admin/channel-groups/pro", {
      me: root(),
      handlers: [stale, ...handlers],
    });
    await user.click(await screen.findByRole("checkbox", { name: /Takes calls/ }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText(/Someone else changed this now/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Load their version" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: "Save" })).toBeNull());
    expect(screen.getByRole("checkbox", { name: /Takes calls/ })).toBeChecked();
  });

  it("does not save what is no multiplier", async () => {
    const { user, sent } = open("/admin/channel-groups/pro");
    await user.type(await screen.findByLabelText("Multiplier"), "x");
    expect(screen.getByText("A decimal number of at most 6 places, like 1.2.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(sent).toEqual([]);
  });

  it("leaves the multiplier to who may set prices", async () => {
    open("/admin/channel-groups/pro", me({ role: "admin", permissions: operatorPermissions }));
    expect(await screen.findByLabelText("Multiplier")).toHaveAttribute("readonly");
    expect(screen.getByLabelText("Priority")).not.toHaveAttribute("readonly");
  });

  it("shows members in the order to try, with their state and their share", async () => {
    open("/admin/channel-groups/pro");
    const list = await screen.findByRole("list", { name: "Channels in the order to try" });
    await within(list).findByText("Serving");
    const [first, second, third] = within(list).getAllByRole("listitem");
    expect(first).toHaveTextContent(/pro-1.*Serving.*priority 10, weight 3 · 75%/);
    expect(second).toHaveTextContent(/pro-2.*Cooling down.*rate limit/);
    expect(third).toHaveTextContent(/std-1.*Down.*priority 0, weight 1/);
  });

  it("previews a call of those who use it", async () => {
    const asked: unknown[] = [];
    const { handlers } = site();
    const simulate = http.post("/api/admin/routing/simulate", async ({ request }) => {
      asked.push(await request.json());
      return HttpResponse.json(decision(considered));
    });
    const { user } = renderPage("/admin/channel-groups/pro", {
      me: root(),
      handlers: [simulate, ...handlers],
    });
    await user.click(await screen.findByRole("button", { name: "Preview" }));
    expect(await screen.findByText("8 considered, 3 to try")).toBeVisible();
    expect(asked).toEqual([{ user_group: "team", model: "gpt-5.2", dialect: "responses" }]);
    expect(screen.getByRole("link", { name: "Open in routing test" })).toHaveAttribute(
      "href",
      "/admin/routing?user_group=team&model=gpt-5.2&dialect=responses",
    );
  });
});

describe("deleting", () => {
  it("shows what uses a group, which keeps it", async () => {
    const keys = [{ id: "ak_1", name: "laptop", user: "ana" }];
    const { user } = open("/admin/channel-groups/pro", root(), site(keys));
    await user.click(await screen.findByRole("button", { name: "Delete group" }));
    const dialog = await screen.findByRole("dialog", { name: "pro is in use" });
    expect(await within(dialog).findByText("ana · laptop")).toBeVisible();
    expect(within(dialog).getByText("team")).toBeVisible();
    expect(within(dialog).getByText("std-1")).toBeVisible();
    expect(within(dialog).getByRole("link", { name: "fast" })).toBeVisible();
    expect(within(dialog).queryByRole("button", { name: "Delete group" })).toBeNull();
  });

  it("deletes one that nothing uses", async () => {
    const gone: string[] = [];
    const { handlers } = site();
    const remove = http.delete("/api/admin/channel-groups/:name", ({ params }) => {
      gone.push(String(params.name));
      return new HttpResponse(null, { status: 204 });
    });
    const { user, pages } = renderPage("/admin/channel-groups/night", {
      me: root(),
      handlers: [remove, ...handlers],
    });
    await user.click(await screen.findByRole("button", { name: "Delete group" }));
    const dialog = await screen.findByRole("dialog", { name: "Delete night?" });
    await user.click(within(dialog).getByRole("button", { name: "Delete group" }));
    await waitFor(() => expect(pages.state.location.pathname).toBe("/admin/channel-groups"));
    expect(gone).toEqual(["night"]);
  });
});

describe("multipliers", () => {
  it("are counted in millionths", () => {
    expect(plain("1.200000")).toBe("1.2");
    expect(plain()).toBe("1");
    expect(textOf(productOf(ppmOf("1.2") ?? 0n, ppmOf("0.333333") ?? 0n))).toBe("0.399999");
    expect([ppmOf("x"), ppmOf("-1"), ppmOf("1.1234567"), ppmOf("")]).toEqual(
      Array(4).fill(undefined),
    );
  });
});

describe("a tree with defects", () => {
  it("shows a group in a circle once, and one without its parent at the top", () => {
    const nodes = treeOf(
      [group("a", { parent: "b" }), group("b", { parent: "a" }), group("c", { parent: "gone" })],
      [],
      [],
    );
    expect(nodes.map(({ path }) => path.join("/"))).toEqual(["c", "a", "a/b"]);
    expect(possibleParents("a", nodes)).toEqual(["c"]);
  });
});
