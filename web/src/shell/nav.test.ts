import { describe, expect, it } from "vitest";
import { existsIn } from "@/shell/exists";

import { features, me, operatorPermissions, root } from "@/test/fixtures";
import { entryOf, homeOf, nav, navFor } from "./nav";

const everywhere = () => true;
const self = { self_mode: true };
const business = { self_mode: false };
const paths = (groups: ReturnType<typeof navFor>) =>
  groups.flatMap(({ entries }) => entries.map(({ path }) => path));

describe("the menu", () => {
  it("shows a plain user nothing of the admin's side", () => {
    expect(navFor(me(), "admin", everywhere, self)).toEqual([]);
    expect(paths(navFor(me(), "mine", everywhere, self))).toContain("/tokens");
    expect(paths(navFor(me(), "mine", everywhere, self))).not.toContain("/balance");
    expect(paths(navFor(me(), "mine", everywhere, self))).not.toContain("/tickets");
  });

  it("shows root everything there is", () => {
    const boss = root({
      features: features({
        billing: true,
        tickets: true,
        oauth_apps: true,
        ranking: true,
        invitations: true,
      }),
    });
    const all = [
      ...navFor(boss, "mine", everywhere, business),
      ...navFor(boss, "admin", everywhere, business),
    ];
    expect(paths(all).sort()).toEqual(nav.map(({ path }) => path).sort());
  });

  it("has nothing of notifications in self mode", () => {
    const both = (site: typeof self) => [
      ...paths(navFor(root(), "mine", everywhere, site)),
      ...paths(navFor(root(), "admin", everywhere, site)),
    ];
    const pages = ["/account/notifications", "/admin/notifications"];
    expect(both(business)).toEqual(expect.arrayContaining(pages));
    expect(both(self).filter((path) => pages.includes(path))).toEqual([]);
    const operator = root({ permissions: operatorPermissions });
    expect(paths(navFor(operator, "admin", everywhere, business))).not.toContain(
      "/admin/notifications",
    );
  });

  it("leaves no entry of a feature that is off, nor a group without entries", () => {
    const user = me({ features: features({ usage: false, tokens: false, announcements: false }) });
    const groups = navFor(user, "mine", everywhere, self);
    expect(paths(groups)).not.toContain("/usage");
    expect(paths(groups)).not.toContain("/connect");
    expect(groups.map(({ key }) => key)).toEqual(["use", undefined]);
  });

  it("leaves out what has no page", () => {
    const exists = existsIn({
      "/account": { fullPath: "/account" },
      "/admin": { fullPath: "/admin/" },
      "/admin/channels": { fullPath: "/admin/channels", children: [{}] },
    });
    const admin = root({ permissions: operatorPermissions });
    expect(paths(navFor(admin, "mine", exists, self))).toEqual(["/account"]);
    expect(paths(navFor(admin, "admin", exists, self))).toEqual(["/admin"]);
    expect(homeOf(admin, exists)).toBe("/account");
  });

  it("has each path, key and letter once", () => {
    const letters = nav.flatMap(({ letter }) => letter ?? []);
    expect(new Set(letters).size).toBe(letters.length);
    expect(new Set(nav.map(({ path }) => path)).size).toBe(nav.length);
  });
});

it.each([
  ["/admin", "overview"],
  ["/admin/channels/a/models", "channels"],
  ["/admin/channel-groups/x", "channel_groups"],
  ["/usage/", "usage"],
  ["/tickets/new", "tickets"],
  ["/admin/tickets/ti_1", "ticket_office"],
  ["/announcements/an_1", "announcements"],
  ["/account", "account"],
  ["/account/notifications", "notifications"],
  ["/account/invitations", "invitations"],
  ["/ranking", "ranking"],
  ["/elsewhere", undefined],
])("the page %s belongs to %s", (path, key) => {
  expect(entryOf(path)?.key).toBe(key);
});
