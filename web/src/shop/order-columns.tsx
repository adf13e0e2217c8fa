import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { OrderView } from "@/api/types";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { Time } from "@/components/value/time-ago";
import { addUsd } from "@/format/money";
import { type Column, timeWidth } from "@/table/column";
import { OrderState } from "./order-state";

/** The columns of a list of orders; whose they are is for operators. */
export function useOrderColumns(of: "mine" | "all"): readonly Column<OrderView>[] {
  const { t } = useTranslation("shop");
  return useMemo(() => {
    const amount = ({ amount, currency }: OrderView) => `${amount} ${currency}`;
    const goods = ({ kind, plan }: OrderView) => {
      if (kind === "top_up") return t("top_up");
      return plan === undefined ? t("plan_gone") : t("plan", { plan });
    };
    const columns: (Column<OrderView> | false)[] = [
      {
        id: "created_at",
        header: t("column.created"),
        cell: ({ created_at }) => <Time time={created_at} />,
        text: ({ created_at }) => created_at,
        width: timeWidth,
        card: "figure",
      },
      of === "all" && {
        id: "user",
        isPrivate: true,
        header: t("column.user"),
        cell: ({ office }) => <bdi data-raw="">{office?.username ?? "?"}</bdi>,
        text: ({ office }) => office?.username ?? "",
        width: 140,
      },
      {
        id: "for",
        header: t("column.for"),
        cell: (order) => (
          <span {...(order.plan !== undefined && { "data-raw": "" })}>{goods(order)}</span>
        ),
        text: goods,
        width: 160,
        card: "title",
      },
      {
        id: "amount",
        header: t("column.amount"),
        cell: (order) => <span className="num">{amount(order)}</span>,
        text: amount,
        width: 130,
        align: "end",
        card: "figure",
      },
      {
        id: "value",
        header: t("column.value"),
        help: t("column.value_help"),
        cell: ({ value_usd, bonus_usd }) => <Money usd={addUsd(value_usd, bonus_usd)} />,
        text: ({ value_usd, bonus_usd }) => addUsd(value_usd, bonus_usd),
        width: 120,
        align: "end",
      },
      {
        id: "state",
        header: t("column.state"),
        cell: (order) => <OrderState order={order} />,
        text: ({ state }) => t(`state.${state}`),
        width: 190,
        card: "badge",
      },
      {
        id: "channel",
        header: t("column.channel"),
        cell: ({ payment_channel, test }) =>
          payment_channel === undefined ? (
            <Missing reason={t("channel_gone")} />
          ) : (
            <span>
              <bdi data-raw="">{payment_channel}</bdi>
              {test && ` · ${t("test")}`}
            </span>
          ),
        text: ({ payment_channel }) => payment_channel ?? "",
        width: 160,
        grows: true,
      },
      {
        id: "id",
        header: t("column.id"),
        cell: ({ id }) => <code data-raw="">{id}</code>,
        text: ({ id }) => id,
        width: 180,
        hidden: of === "mine",
      },
    ];
    return columns.filter((column) => column !== false);
  }, [t, of]);
}
