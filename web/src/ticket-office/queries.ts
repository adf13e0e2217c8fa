/** Canned replies: what is asked about them, and what is done to them. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { CannedReplyView, Items } from "@/api/types";

/** Signs of a name. */
export const longestName = 64;

export const cannedQuery = queryOptions({
  queryKey: ["canned-replies"],
  queryFn: ({ signal }) => api.get<Items<CannedReplyView>>("/api/admin/canned-replies", { signal }),
});

export const canned = {
  /** Takes the place of what has its name. */
  put: (name: string, body: string) => api.put(path`/api/admin/canned-replies/${name}`, { body }),
  remove: (name: string) => api.delete(path`/api/admin/canned-replies/${name}`),
};

export const refreshCanned = (queries: QueryClient): Promise<void> =>
  queries.invalidateQueries({ queryKey: cannedQuery.queryKey });
