/** What operators ask about orders and payment channels, and what root does to them. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type {
  NewPaymentChannel,
  OrderView,
  PaymentChannelPatch,
  PaymentChannelView,
} from "@/api/types";
import type { Page, PageQuery } from "@/table/list-query";

export const allOrdersKey = (attention: boolean) => ["orders", "all", attention] as const;

/** A page of everyone's orders, the newest first; or only of those that somebody must look at. */
export const fetchAllOrders =
  (attention: boolean) =>
  ({ cursor }: PageQuery, signal: AbortSignal): Promise<Page<OrderView>> =>
    api.get("/api/admin/orders", {
      signal,
      query: { cursor, ...(attention && { attention: true }) },
    });

export const decisions = ["approve", "reject", "refund", "dismiss"] as const;
export type Decision = (typeof decisions)[number];

/** Whether a decision makes sense for an order as it is; the server has the last word. */
export function isOpenFor(
  decision: Decision,
  { state, office }: Pick<OrderView, "state" | "office">,
): boolean {
  switch (decision) {
    case "approve":
      return state !== "paid" && state !== "refunded";
    case "reject":
      return state === "pending";
    case "refund":
      return state === "paid";
    case "dismiss":
      return office?.attention !== undefined;
  }
}

export const decide = (
  id: string,
  decision: Decision,
  body: { reason: string; amount?: string },
): Promise<OrderView> => api.post<OrderView>(path`/api/admin/orders/${id}/${decision}`, body);

export const refreshAllOrders = (queries: QueryClient) =>
  queries.invalidateQueries({ queryKey: ["orders"] });

export const channelsQuery = queryOptions({
  queryKey: ["payment-channels"],
  queryFn: ({ signal }) =>
    api.get<{ items: PaymentChannelView[] }>("/api/admin/payment-channels", { signal }),
});

export const paymentChannels = {
  make: (made: NewPaymentChannel) =>
    api.post<PaymentChannelView>("/api/admin/payment-channels", made),
  change: (id: string, change: PaymentChannelPatch) =>
    api.patch<PaymentChannelView>(path`/api/admin/payment-channels/${id}`, change),
};

export const refreshChannels = (queries: QueryClient) =>
  queries.invalidateQueries({ queryKey: channelsQuery.queryKey });
