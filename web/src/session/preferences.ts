/** What a person likes: kept by the server with the account, so that every device knows it. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

import { api } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { Me } from "@/api/types";
import { meQuery, updateMe } from "./session";
import { useMe } from "./use-me";

/** Which save is the last one: only that may put back what was there before. */
let saves = 0;

/** Sets some of them at once on the page, and saves them; a failure puts the old ones back. */
export async function savePreferences(
  queries: QueryClient,
  changes: Record<string, unknown>,
): Promise<void> {
  const me = queries.getQueryData<Me | null>(meQuery.queryKey);
  if (!me) return;
  const before = me.preferences;
  saves += 1;
  const save = saves;
  const preferences = Object.fromEntries(
    Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined),
  );
  updateMe(queries, { preferences });
  try {
    await api.put("/api/me/preferences", preferences);
  } catch (error) {
    if (save === saves) updateMe(queries, { preferences: before });
    throw asProblem(error);
  }
}

/** One preference and a way to change it. `is` tells whether what the server keeps is still of that kind. */
export function usePreference<T>(
  name: string,
  is: (value: unknown) => value is T,
  fallback: T,
): [T, (value: T | undefined) => Promise<void>] {
  const queries = useQueryClient();
  const kept = useMe().preferences[name];
  const set = useCallback(
    (value: T | undefined) => savePreferences(queries, { [name]: value }),
    [queries, name],
  );
  return [is(kept) ? kept : fallback, set];
}

export const isText = (value: unknown): value is string => typeof value === "string";
export const isFlag = (value: unknown): value is boolean => typeof value === "boolean";

/** The zone a person reads times in: an IANA name, or `undefined` for the browser's. */
export function zoneOf(me: Me): string | undefined {
  const zone = me.preferences.time_zone;
  return isText(zone) && zone !== "browser" ? zone : undefined;
}
