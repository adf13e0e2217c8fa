/** What the server knows of its own set-up. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import { bootstrapQuery } from "@/session/session";

export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: ({ signal }) => api.get("/api/admin/setup", { signal }),
});

export const setup = {
  saveAddress: (value: string) => api.put("/api/admin/settings/site_base_url", { value }),
  dismiss: () => api.put("/api/admin/setup", { dismissed: true }),
};

export const refreshSetup = (queries: QueryClient) => queries.invalidateQueries(setupQuery);

/** The address of the site is part of what every page knows of it. */
export const refreshAddress = (queries: QueryClient) =>
  Promise.all([refreshSetup(queries), queries.invalidateQueries(bootstrapQuery)]);
