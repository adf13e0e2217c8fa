import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { UserModel } from "@/api/types";
import type { Page, PageQuery } from "@/table/list-query";

export const fetchModels = (query: PageQuery, signal: AbortSignal): Promise<Page<UserModel>> =>
  api.get("/api/models", { signal, query: { ...query } });

/** The models one may use, for where one is to be chosen. */
export const modelsQuery = queryOptions({
  queryKey: ["models", "all"],
  queryFn: ({ signal }) => api.get("/api/models", { signal, query: { limit: 200 } }),
  staleTime: 60_000,
});
