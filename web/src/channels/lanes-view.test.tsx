import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";

import {
  channel,
  channelList,
  group,
  groupList,
  statusList,
} from "@/channel-groups/groups-fixture";
import { features, me, operatorPermissions, root } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { problem } from "@/test/server";
import { channelHandlers } from "./fixtures/handlers";

const site = () => [
  http.get("/api/admin/channel-groups", () => HttpResponse.json({ items: groupList })),
  ...channelHandlers({ channels: channelList, statuses: statusList }),
];

const lane = async (name: RegExp) =>
  within(await screen.findByRole("listitem", { name }, { timeout: 5_000 }));

describe("the channels by group", () => {
  it("show who is tried in which order, who is passed over, and why", async () => {
    renderPage("/admin/channels?view=groups", { me: root(), handlers: site() });
    const pro = await lane(/^pro$/);
    await pro.findByText("Cooling down");
    expect(pro.getByText("1 of 3 tried")).toBeVisible();
    const tiers = pro.getAllByRole("heading", { level: 3 }).map(({ textContent }) => textContent);
    expect(tiers).toEqual(["Priority 10", "Priority 0"]);
    const links = pro.getAllByRole("link", { name: /-\d$/ }).map(({ textContent }) => textContent);
    expect(links).toEqual(["pro-1", "pro-2", "std-1"]);
    // The other of its tier rests, so it gets all calls, whatever the weights say.
    const first = within(pro.getByRole("link", { name: "pro-1" }).closest("li") as HTMLElement);
    expect(first.getByText(/Tried first by 100% of the calls/)).toBeInTheDocument();
    const second = pro.getByRole("link", { name: "pro-2" }).closest("li");
    expect(second).toHaveTextContent(/Passed over.*Cooling down.*rate limit/);
    expect(pro.getByRole("link", { name: "std-1" }).closest("li")).toHaveTextContent(
      /Passed over.*Down.*no credential/,
    );
    expect(pro.getByText(/Groups in it/).parentElement).toHaveTextContent(
      "Groups in it: fast → cheap (Off)",
    );
  });

  it("say so where nobody can be tried", async () => {
    renderPage("/admin/channels?view=groups", { me: root(), handlers: site() });
    expect((await lane(/^default$/)).getByText(/all of them rest/)).toBeVisible();
    expect((await lane(/^default$/)).getByText(/back first is asked/)).toHaveTextContent("pro-2");
    expect((await lane(/^pro \/ ?fast$/)).getByText(/hold any/)).toBeVisible();
    expect((await lane(/^pro \/ ?cheap$/)).getByText(/Nobody is tried/)).toBeVisible();
    expect(
      (await lane(/^pro \/ cheap \/ ?night$/)).getByText(/name this group themselves/),
    ).toBeVisible();
    expect(screen.getByText("One channel is in no group: nobody can use it")).toBeVisible();
  });

  it("are asked for once, however many there are", async () => {
    const asked: string[] = [];
    const count = http.all("/api/admin/*", ({ request }) => {
      asked.push(new URL(request.url).pathname);
    });
    const groups = Array.from({ length: 30 }, (_, at) => group(`group-${at}`));
    const handlers = [
      count,
      http.get("/api/admin/channel-groups", () => HttpResponse.json({ items: groups })),
      ...channelHandlers({
        channels: [channel("only-one", { groups: groups.map(({ name }) => name) })],
        statuses: [],
      }),
    ];
    const { user } = renderPage("/admin/channels?view=groups", { me: root(), handlers });
    await lane(/^group-29$/);
    expect(asked.sort()).toEqual([
      "/api/admin/channel-groups",
      "/api/admin/channel-status",
      "/api/admin/channels",
    ]);
    // The table shows the same answers.
    await user.click(screen.getByRole("radio", { name: "Table" }));
    await screen.findByRole("row", { name: /only-one/ });
    expect(asked).toHaveLength(3);
  });

  it("load every page of them, since one that is missing would make the order a wrong one", async () => {
    const pages = http.get("/api/admin/channels", ({ request }) => {
      const cursor = new URL(request.url).searchParams.get("cursor");
      return HttpResponse.json(
        cursor === null
          ? { items: [channel("first")], next: "2" }
          : { items: [channel("second", { priority: 7 })] },
      );
    });
    renderPage("/admin/channels?view=groups", { me: root(), handlers: [pages, ...site()] });
    expect((await lane(/^default$/)).getByText("2 of 2 tried")).toBeVisible();
  });

  it("are chosen and marked by the filter, with nobody taken out of the order", async () => {
    const filtered = http.get("/api/admin/channels", ({ request }) => {
      const q = new URL(request.url).searchParams.get("q");
      const items = channelList.filter(({ name }) => q === null || name.includes(q));
      return HttpResponse.json({ items, approx_total: items.length });
    });
    const { user, pages } = renderPage("/admin/channels?view=groups&q=pro-1", {
      me: root(),
      handlers: [filtered, ...site()],
    });
    const pro = await lane(/^pro$/);
    expect(pro.getByText("1 of 3 tried")).toBeVisible();
    const marked = pro.getByText("is what the filter names").closest("li");
    expect(marked).toHaveTextContent("pro-1");
    expect(screen.queryByRole("listitem", { name: /^default$/ })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Clear all" }));
    expect(await screen.findByRole("listitem", { name: /^default$/ })).toBeVisible();
    expect(pages.state.location.search).toEqual({ view: "groups" });
  });

  it("show the first of many, and all when asked to", async () => {
    const many = Array.from({ length: 25 }, (_, at) => channel(`c-${at}`, { priority: -at }));
    const { user } = renderPage("/admin/channels?view=groups", {
      me: root(),
      handlers: channelHandlers({ channels: many, statuses: [] }),
    });
    const all = await lane(/^default$/);
    expect(all.queryByRole("link", { name: "c-24" })).toBeNull();
    await user.click(all.getByRole("button", { name: "Show all 25" }));
    expect(all.getByRole("link", { name: "c-24" })).toBeVisible();
  });

  it("change their order only for those who may", async () => {
    const watcher = me({ id: "us_3", role: "admin", permissions: operatorPermissions.slice(0, 1) });
    renderPage("/admin/channels?view=groups", { me: watcher, handlers: site() });
    const pro = await lane(/^pro$/);
    expect(pro.queryByRole("button", { name: /weight/ })).toBeNull();
  });

  it("tell why they cannot be loaded, and try again", async () => {
    const broken = http.get("/api/admin/channel-groups", () => problem(503, "unavailable"), {
      once: true,
    });
    const { user } = renderPage("/admin/channels?view=groups", {
      me: root(),
      handlers: [broken, ...site()],
    });
    expect(await screen.findByRole("alert")).toHaveTextContent(/cannot answer at the moment/);
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await lane(/^pro$/);
  });

  it("are not offered where channel groups are switched off", async () => {
    renderPage("/admin/channels?view=groups", {
      me: root({ features: features({ admin_channel_groups: false }) }),
      handlers: site(),
    });
    expect(await screen.findByRole("row", { name: /pro-1/ })).toBeVisible();
    expect(screen.queryByRole("radio", { name: "By group" })).toBeNull();
  });

  it("offer to add the first channel, and the way to the first group", async () => {
    const none = channelHandlers({ channels: [], statuses: [] });
    const { unmount } = renderPage("/admin/channels?view=groups", { me: root(), handlers: none });
    expect(await screen.findByText("No channels yet")).toBeVisible();
    unmount();
    const ungrouped = http.get("/api/admin/channel-groups", () => HttpResponse.json({ items: [] }));
    renderPage("/admin/channels?view=groups", { me: root(), handlers: [ungrouped, ...site()] });
    expect(await screen.findByText("No channel groups yet")).toBeVisible();
    await waitFor(() => expect(screen.getByText(/4 channels are in no group/)).toBeVisible());
  });
});
