import { useRouter, useRouterState } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { useBootstrap, useMe } from "@/session/use-me";
import { existsIn } from "@/shell/exists";
import { entryOf, homeOf, type NavGroup, navFor, type Workspace } from "./nav";
import { readPreference, writePreference } from "./preference";

/** The path of the page, without what is being typed into the URL behind it. */
export const usePath = () => useRouterState({ select: (state) => state.location.pathname });

interface Nav {
  workspace: Workspace;
  groups: NavGroup[];
  /** Both menus, for the palette. */
  all: NavGroup[];
  /** The workspaces the reader may be in, with the page last seen in each. */
  workspaces: { key: Workspace; path: string }[];
}

/** The menu for the reader and the page. */
export function useNav(): Nav {
  const me = useMe();
  const { self_mode } = useBootstrap();
  const router = useRouter();
  const path = usePath();
  const workspace: Workspace = path === "/admin" || path.startsWith("/admin/") ? "admin" : "mine";
  useEffect(() => {
    if (entryOf(path)) writePreference(`last.${workspace}`, path);
  }, [workspace, path]);
  return useMemo(() => {
    const exists = existsIn(router.routesByPath);
    const mine = navFor(me, "mine", exists, { self_mode });
    const admin = navFor(me, "admin", exists, { self_mode });
    const first = { mine: homeOf(me, exists), admin: admin[0]?.entries[0]?.path };
    const workspaces = (["mine", "admin"] as const).flatMap((key) => {
      const begin = first[key];
      if (begin === undefined) return [];
      const last = readPreference(`last.${key}`);
      const entry = last === null ? undefined : entryOf(last);
      const known = entry?.workspace === key && exists(entry.path);
      return [{ key, path: known && last !== null ? last : begin }];
    });
    const groups = workspace === "admin" ? admin : mine;
    return { workspace, groups, all: [...mine, ...admin], workspaces };
  }, [me, self_mode, router, workspace]);
}
