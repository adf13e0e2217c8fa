import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { PlanView } from "@/api/types";
import { plain } from "@/channel-groups/multiplier";
import { StatusBadge } from "@/components/ui/status-badge";
import { Missing } from "@/components/value/missing";
import { Time } from "@/components/value/time-ago";
import { formatUsd } from "@/format/money";
import { formatExact } from "@/format/number";
import { type Column, timeWidth } from "@/table/column";
import { windows, windowText } from "./windows";

/** Without a price nobody can buy it, and it is only given away. */
const isSold = ({ enabled, prices }: PlanView) => enabled && Object.keys(prices).length > 0;

export function usePlanColumns(): readonly Column<PlanView>[] {
  const { t, i18n } = useTranslation("subscriptions");
  const { language } = i18n;
  return useMemo((): readonly Column<PlanView>[] => {
    const state = (plan: PlanView) => t(isSold(plan) ? "sold" : "not_sold");
    const prices = (plan: PlanView) =>
      Object.entries(plan.prices)
        .map(([currency, amount]) => `${amount} ${currency}`)
        .join(", ");
    const limits = ({ terms }: PlanView) =>
      windows
        .flatMap((window) => {
          const most = terms[`limit_${window}`];
          return most === undefined ? [] : `${formatUsd(most, language)} / ${windowText[window]}`;
        })
        .join(" · ");
    const groups = ({ user_groups }: PlanView) => user_groups.join(", ") || t("everybody");
    return [
      {
        id: "name",
        header: t("column.name"),
        cell: ({ name, code }) => (
          <>
            <bdi data-raw="">{name}</bdi>{" "}
            <code data-raw="" className="text-fg-3">
              {code}
            </code>
          </>
        ),
        text: ({ name, code }) => `${name} ${code}`,
        width: 200,
        card: "title",
      },
      {
        id: "enabled",
        header: t("column.state"),
        cell: (plan) => (
          <StatusBadge status={isSold(plan) ? "ok" : "disabled"} word={state(plan)} />
        ),
        text: state,
        width: 110,
        card: "badge",
      },
      {
        id: "prices",
        header: t("column.prices"),
        cell: (plan) =>
          prices(plan) === "" ? (
            <Missing reason={t("no_price")} />
          ) : (
            <span className="num">{prices(plan)}</span>
          ),
        text: prices,
        width: 160,
        card: "figure",
      },
      {
        id: "days",
        header: t("column.days"),
        cell: ({ terms }) => t("days", { count: terms.days }),
        text: ({ terms }) => String(terms.days),
        width: 90,
        align: "end",
      },
      {
        id: "limits",
        header: t("column.limits"),
        help: t("column.limits_help"),
        cell: (plan) => <span className="num">{limits(plan)}</span>,
        text: limits,
        width: 260,
        grows: true,
      },
      {
        id: "multiplier",
        header: t("column.multiplier"),
        help: t("plan.multiplier_help"),
        cell: ({ terms }) => `×${plain(terms.multiplier)}`,
        text: ({ terms }) => plain(terms.multiplier),
        width: 100,
        align: "end",
      },
      {
        id: "user_groups",
        header: t("column.user_groups"),
        cell: (plan) => <span data-raw="">{groups(plan)}</span>,
        text: groups,
        width: 150,
      },
      ...(["given", "open"] as const).map(
        (name): Column<PlanView> => ({
          id: name,
          header: t(`column.${name}`),
          help: t(`column.${name}_help`),
          cell: (plan) => formatExact(plan[name], language),
          text: (plan) => String(plan[name]),
          width: 90,
          align: "end",
          ...(name === "open" && { card: "figure" }),
        }),
      ),
      {
        id: "updated_at",
        header: t("column.updated"),
        cell: ({ updated_at }) => <Time time={updated_at} />,
        text: ({ updated_at }) => updated_at,
        width: timeWidth,
        hidden: true,
      },
    ];
  }, [t, language]);
}
