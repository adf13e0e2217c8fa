import { describe, expect, it } from "vitest";
import { existsIn } from "@/shell/exists";

import { features, me, operatorPermissions, root } from "@/test/fixtures";
import { entryOf, homeOf, nav, navFor } from "./nav";

const everywhere = () => true;
const paths = (groups: ReturnType<typeof navFor>) =>
  groups.flatMap(({ entries }) => entries.map(({ path }) => path));

describe("the menu", () => {
  it("shows a plain user nothing of the admin's side", () => {
    expect(navFor(me(), "admin", everywhere)).toEqual([]);
    expect(paths(navFor(me(), "mine", everywhere))).toContain("/tokens");
    expect(paths(navFor(me(), "mine", everywhere))).not.toContain("/balance");
  });

  it("shows root everything there is", () => {
    const boss = root({ features: features({ billing: true }) });
    const all = [...navFor(boss, "mine", everywhere), ...navFor(boss, "admin", everywhere)];
    expect(paths(all).sort()).toEqual(nav.map(({ path }) => path).sort());
  });

  it("leaves no entry of a feature that is off, nor a group without entries", () => {
    const user = me({ features: features({ usage: false, tokens: false }) });
    const groups = navFor(user, "mine", everywhere);
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
    expect(paths(navFor(admin, "mine", exists))).toEqual(["/account"]);
    expect(paths(navFor(admin, "admin", exists))).toEqual(["/admin"]);
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
  ["/elsewhere", undefined],
])("the page %s belongs to %s", (path, key) => {
  expect(entryOf(path)?.key).toBe(key);
});
