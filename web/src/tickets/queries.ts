/** Tickets: what is asked about them, and what is done to them, from either side of the desk. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type {
  TicketAnswer,
  TicketState,
  TicketThreadView,
  TicketView,
  TicketWish,
} from "@/api/types";
import type { Page, PageQuery } from "@/table/list-query";

/** From which side somebody looks: who asked, or those who run the site. */
export type Side = "mine" | "office";

/** Signs of a subject, and of what is said at once. */
export const longestSubject = 200;
export const longestBody = 8_000;

export const categories = ["calls", "billing", "account", "other"] as const;
export const states = ["open", "answered", "closed"] as const;

/** Nothing tells of an answer: so often it is looked for while somebody looks. */
const everyMs = 20_000;

const base = (side: Side) => (side === "mine" ? "/api/tickets" : "/api/admin/tickets");

const listsKey = ["tickets", "lists"] as const;

export const listKey = (side: Side) => [...listsKey, side] as const;

/** Which tickets are listed; what is left out narrows nothing. The last two are for those who run the site. */
export interface TicketFilter {
  state?: TicketState;
  /** A log-in name or an id. */
  user?: string;
  assignee?: string;
}

/** A page of tickets, those that moved last first. */
export const fetchTickets =
  (side: Side, filter: TicketFilter) =>
  ({ cursor }: PageQuery, signal: AbortSignal): Promise<Page<TicketView>> =>
    api.get<Page<TicketView>>(base(side), { signal, query: { cursor, ...filter } });

/** A ticket with what was said in it. */
export const threadQuery = (side: Side, id: string) =>
  queryOptions({
    queryKey: ["tickets", "thread", side, id],
    queryFn: ({ signal }) => api.get<TicketThreadView>(base(side) + path`/${id}`, { signal }),
    refetchInterval: everyMs,
  });

export const tickets = {
  open: (wish: TicketWish) => api.post<TicketView>("/api/tickets", wish),
  say: (side: Side, id: string, said: TicketAnswer) =>
    api.post<TicketThreadView>(base(side) + path`/${id}/messages`, said),
  /** Who asked has seen it as it was shown: `moved_at` as it came, so that an answer since then stays unseen. */
  see: (id: string, moved_at: string) => api.post(path`/api/tickets/${id}/seen`, { moved_at }),
  close: (side: Side, id: string) => api.post<TicketThreadView>(base(side) + path`/${id}/close`),
  reopen: (side: Side, id: string) => api.post<TicketThreadView>(base(side) + path`/${id}/reopen`),
  /** Gives it into the care of an operator; `null` is nobody. */
  assign: (id: string, username: string | null) =>
    api.put<TicketThreadView>(path`/api/admin/tickets/${id}/assignee`, { username }),
};

export const refreshLists = (queries: QueryClient): Promise<void> =>
  queries.invalidateQueries({ queryKey: listsKey });

export const refreshThread = (queries: QueryClient, side: Side, id: string): Promise<void> =>
  queries.invalidateQueries({ queryKey: threadQuery(side, id).queryKey });

/** What the server made of a deed is shown at once; an answer from before it must not take its place. */
export async function takeThread(
  queries: QueryClient,
  side: Side,
  thread: TicketThreadView,
): Promise<void> {
  const { queryKey } = threadQuery(side, thread.ticket.id);
  await queries.cancelQueries({ queryKey });
  queries.setQueryData(queryKey, thread);
  await refreshLists(queries);
}
