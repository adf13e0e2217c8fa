import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { KeyRules, Limits, MadeToken, TokenView } from "@/api/types";
import type { Page, PageQuery } from "@/table/list-query";

/** What of a key can be chosen. */
export interface TokenDraft {
  name: string;
  channel_groups: string[];
  /** As a whole; `{}` limits nothing. */
  limits?: Limits;
  /** As a whole; `{}` narrows nothing. */
  rules?: KeyRules;
}

export const fetchTokens = (query: PageQuery, signal: AbortSignal): Promise<Page<TokenView>> =>
  api.get("/api/tokens", { signal, query: { ...query } });

/** All keys that still work, for where one is to be chosen. */
export const activeTokensQuery = queryOptions({
  queryKey: ["tokens", "active"],
  queryFn: ({ signal }) =>
    api.get("/api/tokens", {
      signal,
      query: { filter: "status:active", limit: 200 },
    }),
});

export const ownGroupsQuery = queryOptions({
  queryKey: ["me", "channel-groups"],
  queryFn: ({ signal }) => api.get("/api/me/channel-groups", { signal }),
});

export const tokens = {
  make: (draft: TokenDraft) => api.post("/api/tokens", draft),
  change: (id: string, change: Partial<TokenDraft & { enabled: boolean }>) =>
    api.patch<TokenView>(path`/api/tokens/${id}`, change),
  rotate: (id: string) => api.post<MadeToken>(path`/api/tokens/${id}/rotate`),
  revoke: (id: string) => api.post<TokenView>(path`/api/tokens/${id}/revoke`),
  reveal: (id: string) => api.post<{ key: string }>(path`/api/tokens/${id}/reveal`),
  remove: (id: string) => api.delete(path`/api/tokens/${id}`),
};

/** Every list of keys is asked anew. */
export const refreshTokens = (queries: QueryClient) =>
  queries.invalidateQueries({ queryKey: ["tokens"] });
