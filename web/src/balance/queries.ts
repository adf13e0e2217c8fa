/** What is asked about balances: one's own, or a user's for those who operate the site. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { Balance, EntryView } from "@/api/types";
import type { FetchExport } from "@/table/export-menu";
import type { Page, PageQuery } from "@/table/list-query";

/** Whose balance: one's own, or that of the user of this name. */
export type Owner = { readonly user: string } | "me";

const keyOf = (owner: Owner) => ["balance", owner === "me" ? null : owner.user] as const;

const base = (owner: Owner) =>
  owner === "me" ? "/api/balance" : path`/api/admin/users/${owner.user}/balance`;

export const balanceQuery = (owner: Owner) =>
  queryOptions({
    queryKey: [...keyOf(owner), "now"],
    queryFn: ({ signal }) => api.get<Balance>(base(owner), { signal }),
  });

export const entriesKey = (owner: Owner) => [...keyOf(owner), "entries"] as const;

/** A page of movements, the newest first: the list has no words, no filters and no other order. */
export const fetchEntries =
  (owner: Owner) =>
  ({ cursor }: PageQuery, signal: AbortSignal): Promise<Page<EntryView>> =>
    api.get(`${base(owner)}/entries`, { signal, query: { cursor } });

/** One's own movements as a file. */
export const fetchStatement: FetchExport = async (_, signal) => {
  const answer = await api.raw("GET", "/api/balance/entries/export", undefined, { signal });
  return answer.blob();
};

/** Everything that shows this balance is asked anew. */
export function refreshBalance(queries: QueryClient, owner: Owner): Promise<void> {
  return queries.invalidateQueries({ queryKey: keyOf(owner) });
}
