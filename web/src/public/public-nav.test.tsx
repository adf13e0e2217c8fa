import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { writePreference } from "@/shell/preference";
import { features, me } from "@/test/fixtures";
import { renderPage } from "@/test/render";
import { openPublic, openSite, page, price } from "./public-fixture";

const handlers = [page("/api/public/prices", [price()])];
const links = async () =>
  within(await screen.findByRole("navigation", { name: "For everyone" }))
    .getAllByRole("link")
    .map((link) => link.textContent);

describe("the ways to what anyone may look at", () => {
  it.each(["/login", "/register", "/forgot"])("stand below the form of %s", async (path) => {
    renderPage(path, { me: null, site: openSite });
    expect(await links()).toEqual(["Prices", "Status", "Check a key"]);
  });

  it("are those that the site has", async () => {
    const site = { features: features({ public_status: true }) };
    const { unmount } = renderPage("/login", { me: null, site });
    expect(await links()).toEqual(["Status"]);
    unmount();
    renderPage("/login", { me: null });
    await screen.findByLabelText("Password");
    expect(screen.queryByRole("navigation", { name: "For everyone" })).toBeNull();
  });

  it("stand above each of them, with a way in for strangers, who are not asked who they are", async () => {
    const { user, pages } = openPublic("/prices", { handlers });
    expect(await links()).toEqual(["Prices", "Status", "Check a key", "Sign in"]);
    expect(screen.getByRole("link", { name: "Prices" })).toHaveAttribute("aria-current", "page");
    await user.click(screen.getByRole("link", { name: "Sign in" }));
    await waitFor(() => expect(pages.state.location.pathname).toBe("/login"));
  });

  it("lead whoever is signed in to their console", async () => {
    writePreference("last.mine", "/dashboard");
    openPublic("/prices", { me: me(), handlers });
    expect(await screen.findByRole("link", { name: "To the console" })).toHaveAttribute(
      "href",
      "/",
    );
  });
});
