import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Days } from "./days";
import type { Ranking, Shown } from "./types";

/** Above all that is told of the ranking. */
export const rankingKey = ["ranking"] as const;

export const rankingQuery = (days: Days) =>
  queryOptions({
    queryKey: [...rankingKey, days],
    queryFn: ({ signal }) => api.get<Ranking>("/api/ranking", { signal, query: { days } }),
    placeholderData: keepPreviousData,
  });

export const showMe = (shown: Shown) => api.put("/api/me/ranking", { shown });
