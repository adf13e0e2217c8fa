import { cloneElement, useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { MarginPart } from "@/api/types";
import { Money } from "@/components/value/money";
import { Tokens } from "@/components/value/tokens";
import { linkLook } from "@/connect/app-link";
import { printRange, type Range } from "@/filter/range";
import type { Column } from "@/table/column";
import { only, useCallsLink } from "@/usage/calls-link";
import { Earned, EarnedShare, UpstreamCost } from "./earned";
import type { MarginBy } from "./queries";

/** The columns of margins. The name of a part leads to its calls. */
export function useMarginColumns(by: MarginBy, range: Range): readonly Column<MarginPart>[] {
  const { t } = useTranslation("margin");
  const link = useCallsLink("all");
  const address = printRange(range);
  // biome-ignore lint/correctness/useExhaustiveDependencies: where links lead changes with the range only
  return useMemo((): readonly Column<MarginPart>[] => {
    const label = (one: MarginPart) => {
      const name = <bdi data-raw="">{one.key === "_none" ? t("none_of_it") : one.label}</bdi>;
      const to = by === "day" ? undefined : link({ f: only(by, one.key), t: address });
      return to ? cloneElement(to, { className: linkLook, children: name }) : name;
    };
    return [
      {
        id: "label",
        header: t(`by.${by}`),
        isPrivate: by === "user" || by === "channel",
        cell: label,
        text: (one) => one.label,
        width: 220,
        grows: true,
        sort: by === "day" ? "desc" : "asc",
        card: "title",
      },
      {
        id: "calls",
        header: t("column.calls"),
        cell: ({ calls }) => <Tokens count={calls} />,
        text: ({ calls }) => String(calls),
        width: 100,
        align: "end",
        sort: "desc",
      },
      {
        id: "revenue",
        header: t("column.revenue"),
        help: t("column.revenue_help"),
        cell: ({ revenue_usd }) => <Money usd={revenue_usd} />,
        text: ({ revenue_usd }) => revenue_usd,
        width: 120,
        align: "end",
        sort: "desc",
      },
      {
        id: "upstream_cost",
        header: t("column.upstream_cost"),
        help: t("column.upstream_cost_help"),
        cell: (one) => <UpstreamCost of={one} />,
        text: ({ upstream_cost_usd }) => upstream_cost_usd,
        width: 130,
        align: "end",
        sort: "desc",
      },
      {
        id: "margin",
        header: t("column.margin"),
        help: t("column.margin_help"),
        cell: (one) => <Earned of={one} />,
        text: ({ margin_usd }) => margin_usd,
        width: 120,
        align: "end",
        sort: "asc",
        card: "figure",
      },
      {
        id: "share",
        header: t("column.share"),
        help: t("column.share_help"),
        cell: (one) => <EarnedShare of={one} />,
        text: ({ margin_share }) => (margin_share === undefined ? "" : String(margin_share)),
        width: 110,
        align: "end",
        sort: "asc",
        card: "figure",
      },
      {
        id: "uncosted",
        header: t("column.uncosted"),
        help: t("column.uncosted_help"),
        cell: ({ uncosted_calls }) => <Tokens count={uncosted_calls} />,
        text: ({ uncosted_calls }) => String(uncosted_calls),
        width: 130,
        align: "end",
        sort: "desc",
      },
      {
        id: "uncosted_revenue",
        header: t("column.uncosted_revenue"),
        help: t("column.uncosted_revenue_help"),
        cell: ({ uncosted_revenue_usd }) => <Money usd={uncosted_revenue_usd} />,
        text: ({ uncosted_revenue_usd }) => uncosted_revenue_usd,
        width: 150,
        align: "end",
        sort: "desc",
        hidden: true,
      },
    ];
  }, [t, by, address]);
}
