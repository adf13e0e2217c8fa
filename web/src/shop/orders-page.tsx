import { Ban, Check, EyeOff, ShoppingCart, Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { OrderView } from "@/api/types";
import { Segmented } from "@/components/ui/segmented";
import { useListState } from "@/filter/list-state";
import { useMay } from "@/session/use-me";
import { Page } from "@/shell/page";
import type { RowAction } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { DecideDialog } from "./decide-dialog";
import { allOrdersKey, type Decision, decisions, fetchAllOrders, isOpenFor } from "./office";
import { useOrderColumns } from "./order-columns";

const icons = {
  approve: <Check />,
  reject: <Ban />,
  refund: <Undo2 />,
  dismiss: <EyeOff />,
} satisfies Record<Decision, RowAction["icon"]>;

/** Everyone's orders: root decides what no rule can, others who operate the site look. */
export function OrdersPage() {
  const { t } = useTranslation("orders");
  const [which, setWhich] = useState<"all" | "attention">("all");
  const [asked, setAsked] = useState<{ order: OrderView; decision: Decision }>();
  const mayDecide = useMay("roles.write");
  const state = useListState();
  const attention = which === "attention";
  const { rows } = useListQuery<OrderView>({
    key: allOrdersKey(attention),
    state,
    fetchPage: fetchAllOrders(attention),
  });
  return (
    <Page title={t("title")} about={t("about")}>
      <DataTable<OrderView>
        name="all_orders"
        label={t("title")}
        columns={useOrderColumns("all")}
        rows={rows}
        state={state}
        rowId={({ id }) => id}
        rowLabel={({ id }) => id}
        toolbar={
          <Segmented
            label={t("which")}
            value={which}
            onChange={setWhich}
            options={(["all", "attention"] as const).map((value) => ({
              value,
              label: t(`which_${value}`),
            }))}
          />
        }
        {...(mayDecide && {
          actions: (order) =>
            decisions
              .filter((decision) => isOpenFor(decision, order))
              .map((decision) => ({
                id: decision,
                label: t(`${decision}.verb`),
                icon: icons[decision],
                run: () => setAsked({ order, decision }),
              })),
        })}
        nothing={{ icon: <ShoppingCart />, title: t("none"), text: t("none_text") }}
      />
      {asked && <DecideDialog {...asked} onClose={() => setAsked(undefined)} />}
    </Page>
  );
}
