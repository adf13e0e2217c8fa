/** OAuth apps for those who run the site: what is asked about them, and what is done to them. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { Items, MadeOauthApp, OauthAppDraft, OauthAppView } from "@/api/types";

const address = "/api/admin/oauth-apps";

/** All of them. */
export const appsQuery = queryOptions({
  queryKey: ["oauth-apps"],
  queryFn: ({ signal }) => api.get<Items<OauthAppView>>(address, { signal }),
});

export const oauthApps = {
  make: (draft: OauthAppDraft) => api.post<MadeOauthApp>(address, draft),
  /** Takes the place of all that was there. */
  change: (id: string, draft: OauthAppDraft) =>
    api.put<OauthAppView>(`${address}${path`/${id}`}`, draft),
  /** The secret before stays good for so many seconds. */
  rotateSecret: (id: string, keep_old_s: number) =>
    api.post<MadeOauthApp>(`${address}${path`/${id}/rotate-secret`}`, { keep_old_s }),
  revokeGrants: (id: string) =>
    api.post<{ revoked: number }>(`${address}${path`/${id}/revoke-grants`}`),
  remove: (id: string) => api.delete(`${address}${path`/${id}`}`),
};

export const refreshApps = (queries: QueryClient) =>
  queries.invalidateQueries({ queryKey: appsQuery.queryKey });
