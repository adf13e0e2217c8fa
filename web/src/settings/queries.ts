/** The settings of the site, as they are in force. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import { bootstrapQuery, meQuery } from "@/session/session";

/** All or nothing: what is set, and what goes back to its default. */
export interface SettingsChange {
  set: Record<string, string>;
  reset: string[];
}

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => api.get("/api/admin/settings", { signal }),
});

export const settings = {
  async save(queries: QueryClient, change: SettingsChange): Promise<void> {
    const saved = await api.patch("/api/admin/settings", change);
    queries.setQueryData(settingsQuery.queryKey, saved);
    // What the site is called and which parts are on is known to every page.
    await Promise.all([
      queries.invalidateQueries(bootstrapQuery),
      queries.invalidateQueries(meQuery),
    ]);
  },
  testMail: (to: string) => api.post("/api/admin/settings/test-mail", { to }),
};
