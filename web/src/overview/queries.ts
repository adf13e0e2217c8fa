import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Overview } from "@/api/types";
import { zoneName } from "@/filter/zone-time";

/** All of the overview. `zone` decides when today began. */
export const overviewQuery = (zone: string | undefined) =>
  queryOptions({
    queryKey: ["overview", zoneName(zone)],
    queryFn: ({ signal }) =>
      api.get("/api/admin/overview", { signal, query: { tz: zoneName(zone) } }),
  });

/** Puts the set-up checklist away for good. */
export async function dismissSetup(queries: QueryClient): Promise<void> {
  const setup = await api.put("/api/admin/setup", { dismissed: true });
  queries.setQueriesData<Overview>(
    { queryKey: ["overview"] },
    (overview) => overview && { ...overview, setup },
  );
}
