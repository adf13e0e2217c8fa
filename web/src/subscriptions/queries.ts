/** What operators ask about plans and subscriptions, and what root does to them. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type {
  Items,
  NewPlan,
  PlanChange,
  PlanView,
  SubscriptionView,
  TimeGift,
  TimeRequest,
  TimeResults,
} from "@/api/types";
import type { Page, PageQuery } from "@/table/list-query";
import type { SubscriptionFilter } from "./filter";

const plansAddress = "/api/admin/plans";
const address = "/api/admin/subscriptions";

/** As many subscriptions, or users, are taken at once. */
export const mostAtOnce = 200;
/** The longest a plan lasts, and the most it is extended by at once. */
export const mostDays = 3_660;
/** Signs of a reason. */
export const longestReason = 200;

export const plansQuery = queryOptions({
  queryKey: ["plans", "office"],
  queryFn: ({ signal }) => api.get<Items<PlanView>>(plansAddress, { signal }),
});

export const plans = {
  make: (made: NewPlan) => api.post<PlanView>(plansAddress, made),
  change: (code: string, change: PlanChange) =>
    api.patch<PlanView>(path`/api/admin/plans/${code}`, change),
};

export const subscriptionsKey = ["subscriptions", "office"] as const;

/** A page of everyone's subscriptions, the newest first. */
export const fetchSubscriptions =
  (filter: SubscriptionFilter) =>
  ({ cursor }: PageQuery, signal: AbortSignal): Promise<Page<SubscriptionView>> =>
    api.get(address, { signal, query: { cursor, ...filter } });

export const subscriptions = {
  give: (gift: TimeGift) => api.post<TimeResults>(address, gift),
  change: (wanted: TimeRequest) => api.post<TimeResults>(`${address}/change`, wanted),
};

/** A plan tells how much of it is given and open, so what changes subscriptions changes plans. */
export const refreshPlans = (queries: QueryClient) =>
  Promise.all([
    queries.invalidateQueries({ queryKey: ["plans"] }),
    queries.invalidateQueries({ queryKey: ["subscriptions"] }),
  ]);
