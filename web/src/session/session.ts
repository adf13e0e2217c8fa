/** Who is signed in, and what this site is. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { actAs, api } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { Me, Permission } from "@/api/types";

/** What the site is: asked once per visit. */
export const bootstrapQuery = queryOptions({
  queryKey: ["bootstrap"],
  // Without its signal: a guard may wait for it after whoever else showed it is gone.
  queryFn: () => api.get("/api/bootstrap"),
  staleTime: 5 * 60_000,
});

/** Who is signed in; `null` is nobody. From here on every call names them. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async (): Promise<Me | null> => {
    try {
      const me = await api.get("/api/me");
      actAs(me.id);
      return me;
    } catch (error) {
      if (asProblem(error).status !== 401) throw error;
      actAs(undefined);
      return null;
    }
  },
  staleTime: 60_000,
});

/** Takes over a session that has just begun; nothing of the one before stays. */
export function beginSession(queries: QueryClient, me: Me): void {
  endSession(queries);
  actAs(me.id);
  queries.setQueryData(meQuery.queryKey, me);
}

/** Tells the page what has changed about the signed-in user. */
export function updateMe(queries: QueryClient, changes: Partial<Me>): void {
  queries.setQueryData<Me | null>(meQuery.queryKey, (me) => (me ? { ...me, ...changes } : me));
}

/** Forgets everything a user could see. */
export function endSession(queries: QueryClient): void {
  actAs(undefined);
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== "bootstrap" });
  queries.setQueryData(meQuery.queryKey, null);
}

export const may = (me: Me, permission: Permission) => me.permissions.includes(permission);

/** Where to go after signing in: a page of this site, or undefined. */
export function safeReturn(target: string | undefined): string | undefined {
  if (target === undefined || !/^\/(?![/\\])/.test(target)) return undefined;
  // What the browser makes of it decides: tabs and line feeds are dropped from addresses.
  const url = new URL(target, window.location.origin);
  if (url.origin !== window.location.origin || url.pathname.startsWith("/login")) return undefined;
  return url.pathname + url.search + url.hash;
}
