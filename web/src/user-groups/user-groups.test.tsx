import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import type { Me } from "@/api/types";
import {
  channel,
  channelList,
  group,
  groupList,
  statusList,
  userGroupList,
} from "@/channel-groups/groups-fixture";
import type { UserGroup } from "@/config/objects";
import { me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem, server } from "@/test/server";
import { user as userOf } from "@/users/users-fixture";
import { orderLine, tryOrder } from "./try-order";

interface Sent {
  what: string;
  body: unknown;
  ifMatch: string | null;
}

/** A server with three user groups, of which the second has users; what was sent to it. */
function site(refusal?: () => Response) {
  const sent: Sent[] = [];
  const keep = async ({ request }: { request: Request }) => {
    const { pathname } = new URL(request.url);
    const text = await request.text();
    sent.push({
      what: `${request.method} ${pathname.replace("/api/admin/", "")}`,
      body: text === "" ? undefined : JSON.parse(text),
      ifMatch: request.headers.get("if-match"),
    });
    return refusal?.() ?? HttpResponse.json({});
  };
  const found = (name: unknown): UserGroup => {
    const known = userGroupList.find((one) => one.name === name);
    return known ?? { ...group(String(name)), channel_groups: ["default"] };
  };
  const items = [...userGroupList, found("spare")];
  const handlers = [
    http.get("/api/admin/user-groups", () => HttpResponse.json({ items })),
    http.get("/api/admin/user-groups/:name", ({ params }) =>
      HttpResponse.json(found(params.name), { headers: { etag: '"u1"' } }),
    ),
    http.get("/api/admin/channel-groups", () => HttpResponse.json({ items: groupList })),
    http.get("/api/admin/channels", () => HttpResponse.json({ items: channelList })),
    http.get("/api/admin/channel-status", () => HttpResponse.json({ items: statusList })),
    http.get("/api/admin/users", () =>
      HttpResponse.json({
        items: [],
        facets: [{ field: "user_group", values: [{ value: "team", count: 12 }] }],
      }),
    ),
    http.get("/api/admin/people", ({ request }) => {
      const filter = new URL(request.url).searchParams.get("filter");
      const isTeam = filter === "user_group:team";
      const items = isTeam ? [userOf("ben"), userOf("eva")] : [];
      return HttpResponse.json({ items, approx_total: isTeam ? 12 : 0 });
    }),
    http.put("/api/admin/*", keep),
    http.post("/api/admin/*", keep),
    http.delete("/api/admin/*", keep),
  ];
  return { sent, handlers };
}

function open(path: string, who: Me = root(), { sent, handlers } = site()) {
  return { ...renderPage(path, { me: who, handlers }), sent };
}

const admin = me({ role: "admin", permissions: operatorPermissions });

describe("what a call tries", () => {
  const channels = [
    channel("a", { groups: ["pro", "default"], priority: 1 }),
    channel("b", { groups: ["fast"], priority: 9 }),
    channel("c", { groups: ["night"] }),
    channel("d", { groups: [] }),
  ];
  const told = (names: string[]) =>
    tryOrder(names, groupList, channels).map(
      (one) =>
        `${one.name} ${one.isOn}: ${one.channels.map(({ channel: { name }, multiplier, path }) => `${name} ×${multiplier} ${path.join("/")}`).join(", ")}`,
    );

  it("is each channel once, by group, then priority, at the price of the way to it", () => {
    expect(told(["pro", "default"])).toEqual([
      "pro true: b ×1.8 pro/fast, a ×1.2 pro",
      "default true: ",
    ]);
    expect(told(["default", "pro"])).toEqual([
      "default true: a ×1 default",
      "pro true: b ×1.8 pro/fast",
    ]);
  });

  it("counts only the way from the group that is named, and none that is off", () => {
    expect(told(["fast"])).toEqual(["fast true: b ×1.5 fast"]);
    expect(told(["cheap"])).toEqual(["cheap false: "]);
    expect(told(["night"])).toEqual(["night true: c ×0.5 night"]);
    expect(told(["nowhere"])).toEqual(["nowhere false: "]);
    expect(told([])).toEqual([]);
  });

  it("is multiplied with what the users of the group pay", () => {
    const [pro] = tryOrder(["pro"], groupList, channels, "0.5");
    expect(pro?.multiplier).toBe("1.2");
    expect(pro?.channels.map(({ multiplier }) => multiplier)).toEqual(["0.9", "0.6"]);
  });

  it("ends where groups lie in a circle", () => {
    const circle = [group("x", { parent: "y" }), group("y", { parent: "x" })];
    expect(tryOrder(["x"], circle, [channel("a", { groups: ["y"] })])[0]?.channels).toHaveLength(1);
  });

  it("stands in one line", () => {
    expect(orderLine(["pro", "gone"], groupList)).toBe("pro ×1.2 → gone");
    expect(orderLine([], groupList)).toBe("");
  });
});

describe("the list of user groups", () => {
  it("shows what each allows, in order, how many use it, and which one is the default", async () => {
    open("/admin/user-groups");
    const row = await screen.findByRole("row", { name: /team/ });
    await within(row).findByText("pro ×1.2 → default ×1");
    await within(row).findByText("12");
    const first = screen.getByRole("row", { name: /Default/ });
    expect(within(first).getByText("0")).toBeVisible();
  });

  it("makes a group like another one and opens it", async () => {
    const { user, sent, pages } = open("/admin/user-groups");
    await screen.findByRole("row", { name: /team/ });
    await user.click(screen.getByRole("button", { name: "Create group" }));
    const dialog = await screen.findByRole("dialog", { name: "New user group" });
    await user.type(within(dialog).getByLabelText("Name"), "vip");
    await user.selectOptions(within(dialog).getByRole("combobox"), "team");
    await user.click(within(dialog).getByRole("button", { name: "Create group" }));
    await waitFor(() => expect(pages.state.location.pathname).toBe("/admin/user-groups/vip"));
    expect(sent[0]?.what).toBe("PUT user-groups/vip");
    expect(sent[0]?.body).toEqual({ name: "vip", channel_groups: ["pro", "default"] });
  });

  it("makes one that pays less, and takes no multiplier that is none", async () => {
    const { user, sent } = open("/admin/user-groups");
    const row = await screen.findByRole("row", { name: /team/ });
    expect(within(row).getByText("×1", { selector: ".num" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Create group" }));
    const dialog = within(await screen.findByRole("dialog", { name: "New user group" }));
    await user.type(dialog.getByLabelText("Name"), "vip");
    const multiplier = dialog.getByLabelText("Multiplier");
    await user.clear(multiplier);
    await user.type(multiplier, "0,9");
    await user.click(dialog.getByRole("button", { name: "Create group" }));
    expect(multiplier).toHaveAccessibleDescription(/at most 6 places, like 1.2/);
    await user.clear(multiplier);
    await user.type(multiplier, "0.9");
    await user.click(dialog.getByRole("button", { name: "Create group" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.body).toEqual({
      name: "vip",
      channel_groups: ["default"],
      multiplier: "0.9",
    });
  });

  it("does not write over a group of the same name", async () => {
    const taken = site(() => problem(409, "conflict") as Response);
    const { user } = open("/admin/user-groups", root(), taken);
    await screen.findByRole("row", { name: /team/ });
    await user.click(screen.getByRole("button", { name: "Create group" }));
    const dialog = await screen.findByRole("dialog", { name: "New user group" });
    await user.type(within(dialog).getByLabelText("Name"), "team");
    await user.click(within(dialog).getByRole("button", { name: "Create group" }));
    expect(await within(dialog).findByText("There is a group of this name already.")).toBeVisible();
  });

  it("tells what went wrong, tries again, and is not for everyone", async () => {
    const { handlers } = site();
    const failing = http.get("/api/admin/user-groups", () => problem(500, "internal"));
    const { user, unmount } = renderPage("/admin/user-groups", {
      me: root(),
      handlers: [failing, ...handlers],
    });
    const retry = await screen.findByRole("button", { name: "Try again" });
    server.use(...handlers);
    await user.click(retry);
    expect(await screen.findByRole("row", { name: /team/ })).toBeVisible();
    unmount();
    open("/admin/user-groups", me());
    expect(await screen.findByText("This is not for your account")).toBeVisible();
  });
});

describe("a user group", () => {
  it("shows what a change would do, and saves the order for the version it was changed from", async () => {
    const { user, sent } = open("/admin/user-groups/team");
    const preview = await screen.findByRole("list", { name: "What a call tries" });
    expect(within(preview).getByText("pro-2").closest("li")).toHaveTextContent("×1.2");
    await user.click(screen.getByRole("button", { name: "Move default up" }));
    expect(screen.getByText(/not saved yet/)).toBeVisible();
    expect(within(preview).getByText("pro-2").closest("li")).toHaveTextContent("×1");
    await user.selectOptions(screen.getByLabelText("Choose a channel group"), "fast");
    await user.click(screen.getByRole("button", { name: "Add" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({
      what: "PUT user-groups/team",
      body: { name: "team", channel_groups: ["default", "pro", "fast"] },
      ifMatch: '"u1"',
    });
  });

  it("has a multiplier, which is sent alone and shows in the prices of what a call tries", async () => {
    const { user, sent } = open("/admin/user-groups/team");
    const preview = await screen.findByRole("list", { name: "What a call tries" });
    const multiplier = screen.getByLabelText("Multiplier");
    await user.clear(multiplier);
    await user.type(multiplier, "0.x");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(multiplier).toHaveAccessibleDescription(/at most 6 places, like 1.2/);
    expect(sent).toEqual([]);
    await user.clear(multiplier);
    await user.type(multiplier, "0.50");
    expect(within(preview).getByText("pro-2").closest("li")).toHaveTextContent("×0.6");
    await user.click(screen.getByRole("button", { name: "1 change" }));
    expect(screen.getByText("Multiplier:").closest("li")).toHaveTextContent("1 → 0.5");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({
      what: "PUT user-groups/team",
      body: { name: "team", multiplier: "0.5" },
      ifMatch: '"u1"',
    });
  });

  it("shows its multiplier only to who may not set prices", async () => {
    open("/admin/user-groups/team", admin);
    const multiplier = await screen.findByLabelText("Multiplier");
    expect(multiplier).toHaveAttribute("readonly");
    expect(multiplier).toHaveAccessibleDescription("Only who may set prices may change this.");
  });

  it("is ordered by keyboard alone", async () => {
    const { user } = open("/admin/user-groups/team");
    const list = await screen.findByRole("list", { name: "Channel groups" });
    const [first] = within(list).getAllByRole("listitem");
    first?.focus();
    await user.keyboard("{Alt>}{ArrowDown}{/Alt}");
    const names = within(list).getAllByRole("link");
    expect(names.map(({ textContent }) => textContent)).toEqual(["default", "pro"]);
  });

  it("warns when nothing is left to call", async () => {
    const { user } = open("/admin/user-groups/team");
    await user.click(await screen.findByRole("button", { name: "Remove pro" }));
    await user.click(screen.getByRole("button", { name: "Remove default" }));
    expect(screen.getAllByText(/its users can call nothing/)).not.toHaveLength(0);
  });

  it("does not overwrite what someone else changed, and loads theirs when asked", async () => {
    const stale = site(() => problem(412, "changed") as Response);
    const { user } = open("/admin/user-groups/team", root(), stale);
    await user.click(await screen.findByRole("button", { name: "Remove pro" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Someone else changed this");
    await user.click(screen.getByRole("button", { name: "Load their version" }));
    expect(await screen.findByRole("button", { name: "Remove pro" })).toBeVisible();
    expect(screen.queryByRole("button", { name: "Save" })).not.toBeInTheDocument();
  });

  it("shows who is in it before it is deleted, and moves them with the same press", async () => {
    const { user, sent, pages } = open("/admin/user-groups/team");
    await user.click(await screen.findByRole("button", { name: "Delete group" }));
    const dialog = await screen.findByRole("dialog");
    expect(dialog).toHaveTextContent("12 users are in it");
    expect(within(dialog).getByRole("link", { name: "ben" })).toBeVisible();
    expect(dialog).toHaveTextContent("and 10 more");
    const verb = () => within(dialog).getByRole("button", { name: "Move 12 users and delete" });
    expect(verb()).toHaveAttribute("aria-disabled", "true");
    await user.selectOptions(within(dialog).getByRole("combobox"), "default");
    expect(dialog).toHaveTextContent(
      "Instead of pro ×1.2 → default ×1 they may then use default ×1",
    );
    await user.click(verb());
    await waitFor(() => expect(pages.state.location.pathname).toBe("/admin/user-groups"));
    expect(sent).toEqual([
      { what: "POST user-groups/team/merge", body: { into: "default" }, ifMatch: null },
    ]);
  });

  it("stays, with the reason, when its users may not be moved", async () => {
    const refused = site(() => problem(403, "forbidden") as Response);
    const { user } = open("/admin/user-groups/team", admin, refused);
    await user.click(await screen.findByRole("button", { name: "Delete group" }));
    const dialog = await screen.findByRole("dialog");
    await user.selectOptions(await within(dialog).findByRole("combobox"), "default");
    await user.click(within(dialog).getByRole("button", { name: "Move 12 users and delete" }));
    expect(await within(dialog).findByRole("alert")).toBeVisible();
  });

  it("without users is deleted after a plain question; the default one is not", async () => {
    const { user, sent, unmount } = open("/admin/user-groups/spare");
    await user.click(await screen.findByRole("button", { name: "Delete group" }));
    const dialog = await screen.findByRole("dialog");
    expect(dialog).toHaveTextContent("No user is in it");
    await user.click(within(dialog).getByRole("button", { name: "Delete group" }));
    await waitFor(() => expect(sent[0]?.what).toBe("DELETE user-groups/spare"));
    unmount();
    open("/admin/user-groups/default");
    expect(await screen.findByRole("button", { name: "Delete group" })).toHaveAttribute(
      "aria-disabled",
      "true",
    );
  });

  it("is only to be read without the right to change it", async () => {
    open("/admin/user-groups/team", me({ role: "admin", permissions: ["operate"] }));
    const list = await screen.findByRole("list", { name: "Channel groups" });
    expect(list).toHaveTextContent("pro");
    expect(screen.queryByRole("button", { name: /Remove|Move|Delete/ })).not.toBeInTheDocument();
  });
});
