/** The people of the site, and what is done with their accounts. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { Budget, Items, Limits, Role, SessionView, UserRow } from "@/api/types";
import type { Page, PageQuery } from "@/table/list-query";

/** What can be chosen of an account; what is left out stays. */
export interface UserDraft {
  email?: string;
  role?: Role;
  group?: string;
  enabled?: boolean;
  password?: string;
  /** As a whole; `{}` limits nothing. */
  limits?: Limits;
  budgets?: Budget[];
}

export const fetchPeople = (query: PageQuery, signal: AbortSignal): Promise<Page<UserRow>> =>
  api.get("/api/admin/people", { signal, query: { ...query } });

/** One of the people, with what they used. */
export const personQuery = (name: string) =>
  queryOptions({
    queryKey: ["people", "person", name],
    queryFn: ({ signal }) => api.get<UserRow>(path`/api/admin/people/${name}`, { signal }),
  });

/** What of an account is set, as it is stored. */
export interface StoredUser {
  username: string;
  email?: string;
  role?: Role;
  group?: string;
  enabled?: boolean;
  limits?: Limits;
  budgets?: Budget[];
}

/** One account with the tag of its version. */
export const userQuery = (name: string) =>
  queryOptions({
    queryKey: ["people", "one", name],
    queryFn: ({ signal }) => api.getTagged<StoredUser>(path`/api/admin/users/${name}`, { signal }),
  });

/** Where a user is logged in. */
export const sessionsOfQuery = (name: string) =>
  queryOptions({
    queryKey: ["people", "sessions", name],
    queryFn: ({ signal }) =>
      api.get<Items<SessionView>>(path`/api/admin/users/${name}/sessions`, { signal }),
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
  endSession: (username: string, id: string) =>
    api.delete(path`/api/admin/users/${username}/sessions/${id}`),
  resetTotp: (username: string) => api.post(path`/api/admin/users/${username}/totp/reset`),
  setPassword: (username: string, password: string) =>
    api.post(path`/api/admin/users/${username}/password`, { password }),
};

export const refreshPeople = (queries: QueryClient) =>
  queries.invalidateQueries({ queryKey: ["people"] });
