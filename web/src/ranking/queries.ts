import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { RankingShown } from "@/api/types";
import type { Days } from "./days";

/** Above all that is told of the ranking. */
export const rankingKey = ["ranking"] as const;

export const rankingQuery = (days: Days) =>
  queryOptions({
    queryKey: [...rankingKey, days],
    queryFn: ({ signal }) => api.get("/api/ranking", { signal, query: { days } }),
    placeholderData: keepPreviousData,
  });

export const showMe = (shown: RankingShown) => api.put("/api/me/ranking", { shown });
