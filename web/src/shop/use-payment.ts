import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import type { OrderView, TopUpOffer } from "@/api/types";
import { leaveFor } from "./leave";
import { order, refreshOrders } from "./queries";

export type PaymentWay = TopUpOffer["payment_channels"][number];

/** What people choose among at an EPay gateway. */
export const methods = ["alipay", "wxpay", "qqpay"] as const;

/** EPay gateways know no other currency. */
const takes = ({ kind }: PaymentWay, currency: string) => kind !== "epay" || currency === "CNY";

export type Payment = ReturnType<typeof usePayment>;

/** How something is paid: which ways there are in a currency, which is chosen, and what follows the order. */
export function usePayment(offered: readonly PaymentWay[], currency: string) {
  const queries = useQueryClient();
  const [chosen, choose] = useState<string>();
  const [method, setMethod] = useState<(typeof methods)[number]>("alipay");
  const [waits, setWaits] = useState<string>();
  const ways = offered.filter((one) => takes(one, currency));
  const way = ways.find(({ id }) => id === chosen) ?? ways[0];
  /** Orders, and leaves for the gateway's page; what is paid elsewhere waits here. */
  const pay = async (make: (payment_channel_id: string) => Promise<OrderView>) => {
    if (!way) return;
    const made = await make(way.id);
    await refreshOrders(queries);
    if (way.kind === "webhook") return setWaits(made.id);
    leaveFor(await order.page(made.id, way.kind === "epay" ? method : undefined));
  };
  return { currency, ways, way, choose, method, setMethod, waits, pay };
}
