/** What is asked about notifications, and what is done: of the site for those who run it, or one's own. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type {
  Items,
  NewNotificationTarget,
  NotificationEvent,
  NotificationPage,
  NotificationRuleChange,
  NotificationRuleView,
  NotificationTargetChange,
  NotificationTargetView,
  NotificationTest,
  NotificationView,
} from "@/api/types";
import type { Page, PageQuery } from "@/table/list-query";

/** Who is told. */
export type Owner = "site" | "me";

/** Targets of one owner. */
export const mostTargets: Record<Owner, number> = { site: 20, me: 5 };

/** Notifications in one answer. */
const pageSize = 50;

const bases: Record<Owner, string> = {
  site: "/api/admin/notifications",
  me: "/api/me/notifications",
};

const keyOf = (owner: Owner) => ["notifications", owner] as const;

export const targetsQuery = (owner: Owner) =>
  queryOptions({
    queryKey: [...keyOf(owner), "targets"],
    queryFn: ({ signal }) =>
      api.get<Items<NotificationTargetView>>(`${bases[owner]}/targets`, { signal }),
  });

export const rulesQuery = (owner: Owner) =>
  queryOptions({
    queryKey: [...keyOf(owner), "rules"],
    queryFn: ({ signal }) =>
      api.get<Items<NotificationRuleView>>(`${bases[owner]}/rules`, { signal }),
  });

export const historyKey = (owner: Owner) => [...keyOf(owner), "history"] as const;

/** A page of what was sent, the newest first. */
export const fetchHistory =
  (owner: Owner) =>
  async ({ cursor }: PageQuery, signal: AbortSignal): Promise<Page<NotificationView>> => {
    const query = { limit: pageSize, cursor };
    return api.get<NotificationPage>(bases[owner], { signal, query });
  };

const target = (owner: Owner, id: string) => `${bases[owner]}${path`/targets/${id}`}`;

export const notifications = {
  makeTarget: (owner: Owner, made: NewNotificationTarget) =>
    api.post<NotificationTargetView>(`${bases[owner]}/targets`, made),
  changeTarget: (owner: Owner, id: string, change: NotificationTargetChange) =>
    api.put<void>(target(owner, id), change),
  removeTarget: (owner: Owner, id: string) => api.delete(target(owner, id)),
  /** Sends something now, and waits for what comes of it. */
  test: (owner: Owner, id: string) => api.post<NotificationTest>(`${target(owner, id)}/test`),
  changeRule: (owner: Owner, event: NotificationEvent, change: NotificationRuleChange) =>
    api.put<void>(`${bases[owner]}${path`/rules/${event}`}`, change),
  /** From the start: as often as something new is tried. */
  retry: (owner: Owner, id: string) => api.post<void>(`${bases[owner]}${path`/${id}/retry`}`),
};

/** What was sent, and what the targets say of it, is asked anew. */
export async function refreshSent(queries: QueryClient, owner: Owner): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: historyKey(owner) }),
    queries.invalidateQueries({ queryKey: targetsQuery(owner).queryKey }),
  ]);
}

/** Everything of an owner is asked anew. */
export const refreshAll = (queries: QueryClient, owner: Owner): Promise<void> =>
  queries.invalidateQueries({ queryKey: keyOf(owner) });
