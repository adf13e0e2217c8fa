import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { announcement, openReader } from "./announcements-fixture";

const many = Array.from({ length: 12 }, (_, at) =>
  announcement({
    id: `an_${at}`,
    // The first one is the oldest, and pinned.
    pinned: at === 0,
    published_at: `2026-11-${String(10 + at)}T08:00:00Z`,
    texts: { en: { title: `News ${at}`, body: "Read it." } },
  }),
);

describe("the bell", () => {
  it("counts with what is known, and asks for the newest when it is opened", async () => {
    const { asked, user, pages } = openReader("/account", { items: many });
    const bell = await screen.findByRole("button", { name: "Announcements, 9+ unread" });
    expect(bell).toHaveTextContent("9+");
    expect(asked).toEqual([]);
    await user.click(bell);
    const menu = within(await screen.findByRole("menu"));
    await menu.findByRole("menuitem", { name: /News 11/ });
    expect(asked).toEqual(["GET /api/announcements"]);
    const names = menu.getAllByRole("menuitem").map((one) => one.textContent);
    expect(names).toHaveLength(6);
    expect(names[0]).toMatch(/^Unread: News 11Information/);
    expect(names[4]).toMatch(/News 7/);
    expect(names[5]).toBe("All announcements");
    await user.click(menu.getByRole("menuitem", { name: /News 11/ }));
    await waitFor(() => expect(pages.state.location.pathname).toBe("/announcements/an_11"));
  });

  it("says nothing of a number when all are read", async () => {
    const { user } = openReader("/account", { items: [] });
    await user.click(await screen.findByRole("button", { name: "Announcements" }));
    expect(await screen.findByText("No announcements")).toBeVisible();
    expect(screen.getByRole("menuitem", { name: "All announcements" })).toBeVisible();
  });

  it("is not there where the site has no announcements", async () => {
    openReader("/account", { isOn: false });
    expect(await screen.findByRole("heading", { level: 1, name: "Account" })).toBeVisible();
    expect(screen.queryByRole("button", { name: /^Announcements/ })).toBeNull();
  });
});
