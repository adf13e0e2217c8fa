import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it } from "vitest";

import { setLanguage } from "@/i18n";
import { problem } from "@/test/server";
import { announcement, openReader } from "./announcements-fixture";

const outage = announcement({
  id: "an_2",
  severity: "warning",
  read: true,
  pinned: true,
  texts: { en: { title: "Slow answers", body: "We look into it." } },
});

const grid = async (name = "Announcements") => within(await screen.findByRole("grid", { name }));

describe("the announcements", () => {
  it("say how much each matters and which were not read, and open", async () => {
    const { user, pages } = openReader("/announcements", { items: [outage, announcement()] });
    const unread = await (await grid()).findByRole("row", { name: /Maintenance/ });
    expect(unread).toHaveTextContent("Information");
    expect(unread).toHaveTextContent("Unread: Maintenance");
    const read = (await grid()).getByRole("row", { name: /Slow answers/ });
    expect(read).toHaveTextContent("Warning");
    expect(read).toHaveTextContent("Pinned: Slow answers");
    expect(read).not.toHaveTextContent("Unread");
    await user.click(within(unread).getByText("Maintenance"));
    await waitFor(() => expect(pages.state.location.pathname).toBe("/announcements/an_1"));
    expect(await screen.findByRole("heading", { level: 1, name: "Maintenance" })).toBeVisible();
  });

  it("are narrowed to what was not read, which stays in the address", async () => {
    const { user, pages } = openReader("/announcements", { items: [outage, announcement()] });
    await (await grid()).findByRole("row", { name: /Slow answers/ });
    await user.click(screen.getByRole("radio", { name: "Unread" }));
    await waitFor(() => expect(screen.queryByRole("row", { name: /Slow answers/ })).toBeNull());
    expect(screen.getByRole("row", { name: /Maintenance/ })).toBeInTheDocument();
    expect(pages.state.location.search).toMatchObject({ f: "state:unread" });
    await user.click(screen.getByRole("radio", { name: "All" }));
    expect(await screen.findByRole("row", { name: /Slow answers/ })).toBeInTheDocument();
  });

  it("are all marked as read at once, and the bell knows it", async () => {
    const { told, user } = openReader("/announcements", { items: [outage, announcement()] });
    expect(await screen.findByRole("button", { name: "Announcements, 1 unread" })).toBeVisible();
    await user.click(await screen.findByRole("button", { name: "Mark all as read" }));
    await waitFor(() =>
      expect(screen.getByRole("row", { name: /Maintenance/ })).not.toHaveTextContent("Unread"),
    );
    expect(await screen.findByRole("button", { name: "Announcements" })).toBeVisible();
    expect(screen.queryByRole("button", { name: "Mark all as read" })).toBeNull();
    expect(screen.getByRole("main")).toHaveFocus();
    expect(told()).toEqual(["POST /api/announcements/read"]);
  });

  it("say so when there are none, and try again when they cannot be had", async () => {
    let isDown = true;
    const down = http.get("/api/announcements", () =>
      isDown ? problem(503, "unavailable") : HttpResponse.json({ items: [] }),
    );
    const { user } = openReader("/announcements", { first: [down] });
    const retry = await screen.findByRole("button", { name: "Try again" });
    isDown = false;
    await user.click(retry);
    expect(await screen.findByText("No announcements")).toBeVisible();
  });

  it("are not there where the site has none", async () => {
    openReader("/announcements", { isOn: false });
    expect(await screen.findByText("This is switched off")).toBeVisible();
    expect(screen.queryByRole("button", { name: /^Announcements/ })).toBeNull();
  });
});

describe("in Chinese", () => {
  afterEach(() => setLanguage("en"));

  it("the list reads as it should, with what is there in English only", async () => {
    await setLanguage("zh-CN");
    openReader("/announcements", { items: [outage, announcement()] });
    expect(await screen.findByRole("heading", { level: 1, name: "公告" })).toBeVisible();
    const row = await (await grid("公告")).findByRole("row", { name: /维护/ });
    expect(row).toHaveTextContent("通知");
    expect(row).toHaveTextContent("未读");
    expect(screen.getByText("Slow answers")).toHaveAttribute("lang", "en");
    expect(screen.getByRole("button", { name: "全部标为已读" })).toBeVisible();
  });
});
