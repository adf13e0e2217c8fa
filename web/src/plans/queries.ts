/** Plans: what one has of them, and what is offered. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { Items, OrderView, PlanOffers, PlanOrder, SubscriptionView } from "@/api/types";

/** What was used returns by itself, and time ends: nothing tells of that. */
const everyMs = 60_000;

export const subscriptionsQuery = queryOptions({
  queryKey: ["subscriptions", "mine"],
  queryFn: ({ signal }) => api.get<Items<SubscriptionView>>("/api/subscriptions", { signal }),
  refetchInterval: everyMs,
});

export const plansQuery = queryOptions({
  queryKey: ["plans", "offered"],
  queryFn: ({ signal }) => api.get<PlanOffers>("/api/plans", { signal }),
});

export const orderPlan = (code: string, wish: PlanOrder) =>
  api.post<OrderView>(path`/api/plans/${code}/order`, wish);

/** What one has is asked anew. */
export const refreshSubscriptions = (queries: QueryClient): Promise<void> =>
  queries.invalidateQueries({ queryKey: subscriptionsQuery.queryKey });
