/** User groups: what each allows, and who is in it. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { UserRow } from "@/api/types";
import type { UserGroup } from "@/config/objects";
import { tagOf } from "@/config/tag";
import { exactly, printTerm } from "@/filter/grammar";
import type { Page } from "@/table/list-query";

/** The group that users get when nobody chooses another. */
export const defaultGroup = "default";

/** The filter that keeps the users of a group. */
export const inGroup = (name: string): string =>
  printTerm({ field: "user_group", operator: ":", values: [exactly(name)] });

/** How many users each group has, in one answer; the server counts the 50 largest. */
export const userCountsQuery = queryOptions({
  queryKey: ["people", "counts"],
  queryFn: async ({ signal }) => {
    const { facets = [] } = await api.get<Page<unknown>>("/api/admin/users", {
      signal,
      query: { limit: 1 },
    });
    const values = facets.find(({ field }) => field === "user_group")?.values ?? [];
    const isWhole = values.length < 50;
    const counts = new Map(values.map(({ value, count }) => [value, count]));
    return (name: string) => counts.get(name) ?? (isWhole ? 0 : undefined);
  },
});

/** A few users of a group, and how many there are. */
export const usersOfGroupQuery = (name: string) =>
  queryOptions({
    queryKey: ["people", "of-group", name],
    queryFn: ({ signal }) =>
      api.get<Page<UserRow>>("/api/admin/people", {
        signal,
        query: { filter: inGroup(name), limit: 5 },
      }),
  });

/** What can be written of a user group; what is left out stays. */
export interface UserGroupChange {
  channel_groups?: readonly string[];
  multiplier?: string;
}

export const userGroups = {
  make: (name: string, change: UserGroupChange) =>
    api.put(
      path`/api/admin/user-groups/${name}`,
      { name, ...change },
      { headers: { "if-none-match": "*" } },
    ),
  /** Changes a group that still is what was seen. */
  async change(seen: UserGroup, change: UserGroupChange): Promise<void> {
    const { name } = seen;
    const address = path`/api/admin/user-groups/${name}`;
    const ifMatch = await tagOf(address, seen);
    await api.put(address, { name, ...change }, { ifMatch });
  },
  remove: (name: string) => api.delete(path`/api/admin/user-groups/${name}`),
  /** Moves its users into another group and deletes it: both, or nothing. */
  merge: (name: string, into: string) =>
    api.post(path`/api/admin/user-groups/${name}/merge`, { into }),
};

/** Everything that shows groups of users, or who is in them, is asked anew. */
export async function refreshUserGroups(queries: QueryClient): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ["user-groups"] }),
    queries.invalidateQueries({ queryKey: ["people"] }),
  ]);
}
