import { useQueryClient } from "@tanstack/react-query";
import { Ban, CreditCard, ShoppingCart } from "lucide-react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { OrderView } from "@/api/types";
import { useProblemText } from "@/components/problem-text";
import { toast } from "@/components/toast";
import { useListState } from "@/filter/list-state";
import { Section } from "@/shell/page";
import type { RowAction } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { leaveFor } from "./leave";
import { useOrderColumns } from "./order-columns";
import { fetchOrders, order, ordersKey, refreshOrders } from "./queries";

/** What one ordered, the newest first. */
export function OwnOrders() {
  const { t } = useTranslation("shop");
  const state = useListState();
  const { rows } = useListQuery<OrderView>({ key: ordersKey, state, fetchPage: fetchOrders });
  return (
    <Section title={t("orders.title")} about={t("orders.about")}>
      <DataTable
        name="orders"
        label={t("orders.title")}
        columns={useOrderColumns("mine")}
        rows={rows}
        state={state}
        rowId={({ id }) => id}
        rowLabel={({ amount, currency }) => `${amount} ${currency}`}
        actions={useOwnActs()}
        nothing={{
          icon: <ShoppingCart />,
          title: t("orders.none"),
          text: t("orders.none_text"),
        }}
      />
    </Section>
  );
}

function useOwnActs(): (one: OrderView) => readonly RowAction[] {
  const { t } = useTranslation("shop");
  const queries = useQueryClient();
  const words = useProblemText();
  const tried = async (deed: () => Promise<unknown>) => {
    try {
      await deed();
    } catch (caught) {
      const problem = asProblem(caught);
      toast.failed(words(problem), problem.detail);
    }
    await refreshOrders(queries);
  };
  return ({ id, state }) =>
    state === "pending"
      ? [
          {
            id: "pay",
            label: t("pay_verb"),
            icon: <CreditCard />,
            run: () => void tried(async () => leaveFor(await order.page(id))),
          },
          {
            id: "cancel",
            label: t("cancel"),
            icon: <Ban />,
            run: () => void tried(() => order.cancel(id)),
          },
        ]
      : [];
}
