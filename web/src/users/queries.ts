/** The people of the site, and what is done with their accounts. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { Role, UserRow } from "@/api/types";
import type { Page, PageQuery } from "@/table/list-query";

/** What can be chosen of an account; what is left out stays. */
export interface UserDraft {
  email?: string;
  role?: Role;
  group?: string;
  enabled?: boolean;
  password?: string;
}

export const fetchPeople = (query: PageQuery, signal: AbortSignal): Promise<Page<UserRow>> =>
  api.get("/api/admin/people", { signal, query: { ...query } });

export const userGroupsQuery = queryOptions({
  queryKey: ["user-groups", "names"],
  queryFn: ({ signal }) =>
    api.get<Page<{ name: string }>>("/api/admin/user-groups", { signal, query: { limit: 200 } }),
});

/** One account with the tag of its version. */
export const userQuery = (name: string) =>
  queryOptions({
    queryKey: ["people", "one", name],
    queryFn: ({ signal }) => api.getTagged<unknown>(path`/api/admin/users/${name}`, { signal }),
    gcTime: 0, // a tag from before would be refused
  });

export const users = {
  /** Makes an account; a name that is there already is a conflict. */
  make: (username: string, draft: UserDraft) =>
    api.put(
      path`/api/admin/users/${username}`,
      { username, ...draft },
      { headers: { "if-none-match": "*" } },
    ),
  change: (username: string, draft: UserDraft, ifMatch?: string) =>
    api.put(path`/api/admin/users/${username}`, { username, ...draft }, { ifMatch }),
  remove: (username: string) => api.delete(path`/api/admin/users/${username}`),
  logOut: (username: string) => api.post(path`/api/admin/users/${username}/log-out`),
  resetTotp: (username: string) => api.post(path`/api/admin/users/${username}/totp/reset`),
  setPassword: (username: string, password: string) =>
    api.post(path`/api/admin/users/${username}/password`, { password }),
};

export const refreshPeople = (queries: QueryClient) =>
  queries.invalidateQueries({ queryKey: ["people"] });
