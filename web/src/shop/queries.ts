/** Buying: what is offered, what was ordered, and where it is paid. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { OrderView, TopUpOffer } from "@/api/types";
import { refreshBalance } from "@/balance/queries";
import { refreshSubscriptions } from "@/plans/queries";
import type { Page, PageQuery } from "@/table/list-query";

export const offerQuery = queryOptions({
  queryKey: ["top-up"],
  queryFn: ({ signal }) => api.get<TopUpOffer>("/api/top-up", { signal }),
});

export const ordersKey = ["orders", "mine"] as const;

/** A page of one's own orders, the newest first. */
export const fetchOrders = ({ cursor }: PageQuery, signal: AbortSignal): Promise<Page<OrderView>> =>
  api.get("/api/orders", { signal, query: { cursor } });

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: [...ordersKey, "one", id],
    queryFn: ({ signal }) => api.get<OrderView>(path`/api/orders/${id}`, { signal }),
  });

export interface NewOrder {
  amount: string;
  currency: string;
  payment_channel_id: string;
}

export const order = {
  make: (made: NewOrder) => api.post<OrderView>("/api/orders", made),
  cancel: (id: string) => api.post<OrderView>(path`/api/orders/${id}/cancel`, {}),
  /** The page at the gateway. */
  async page(id: string, method?: string): Promise<string> {
    const body = method === undefined ? {} : { method };
    const { url } = await api.post<{ url: string }>(path`/api/orders/${id}/pay`, body);
    return url;
  },
};

/** Whatever shows orders, or what they give, is asked anew. */
export async function refreshOrders(queries: QueryClient): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ordersKey }),
    refreshBalance(queries, "me"),
    refreshSubscriptions(queries),
  ]);
}
