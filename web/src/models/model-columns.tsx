import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { UserModel } from "@/api/types";
import { Strip } from "@/chart/strip";
import { Duration } from "@/components/value/duration";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { formatUsdInFull } from "@/format/money";
import { formatShare } from "@/format/number";
import type { Column } from "@/table/column";
import { Dialects, ModelName } from "./model-cells";

type PriceField = "input_usd" | "output_usd" | "cache_read_usd" | "cache_write_5m_usd";

export function useModelColumns(): readonly Column<UserModel>[] {
  const { t, i18n } = useTranslation("models");
  return useMemo(() => {
    const price = (id: PriceField, header: string): Column<UserModel> => ({
      id,
      header,
      help: t("per_million"),
      cell: (model) => <Price model={model} field={id} />,
      text: (model) => model[id] ?? "",
      width: 110,
      align: "end",
      ...((id === "input_usd" || id === "output_usd") && { card: "figure" as const }),
    });
    return [
      {
        id: "name",
        header: t("column.name"),
        cell: ({ name }) => <ModelName name={name} />,
        text: ({ name }) => name,
        width: 280,
        grows: true,
        sort: "asc",
        card: "title",
      },
      {
        id: "owner",
        header: t("column.owner"),
        cell: ({ owner }) => <bdi data-raw="">{owner}</bdi>,
        text: ({ owner }) => owner,
        width: 120,
        sort: "asc",
      },
      {
        id: "dialects",
        header: t("column.dialects"),
        help: t("column.dialects_help"),
        cell: ({ dialects }) => <Dialects dialects={dialects} />,
        text: ({ dialects }) => dialects.join(" "),
        width: 300,
      },
      price("input_usd", t("column.input")),
      price("output_usd", t("column.output")),
      price("cache_read_usd", t("column.cache_read")),
      price("cache_write_5m_usd", t("column.cache_write")),
      {
        id: "health",
        header: t("column.health"),
        cell: ({ health }) =>
          health === undefined || health.calls === 0 ? (
            <Missing reason={t("no_calls")} />
          ) : (
            <Strip
              label={t("health", {
                share: formatShare(health.ok_share, i18n.language),
                calls: health.calls,
              })}
              hours={health.hours}
            />
          ),
        text: ({ health }) =>
          health === undefined ? "" : formatShare(health.ok_share, i18n.language),
        width: 170,
      },
      {
        id: "first_event",
        header: t("column.first_event"),
        cell: ({ health }) => <Duration us={health?.p50_first_event_us} missing={t("no_calls")} />,
        text: ({ health }) => String(health?.p50_first_event_us ?? ""),
        width: 110,
        align: "end",
      },
      {
        id: "groups",
        header: t("column.groups"),
        cell: ({ channel_groups }) => <bdi data-raw="">{channel_groups.join(", ")}</bdi>,
        text: ({ channel_groups }) => channel_groups.join(" "),
        width: 140,
        hidden: true,
      },
    ];
  }, [t, i18n.language]);
}

/** What I pay; the base price in the tooltip where a multiplier stands between. */
function Price({ model, field }: { model: UserModel; field: PriceField }) {
  const { t, i18n } = useTranslation("models");
  const base = field === "input_usd" || field === "output_usd" ? model[`base_${field}`] : undefined;
  if (base === undefined || base === model[field]) {
    return <Money usd={model[field]} missing={t("no_price")} />;
  }
  return (
    <span
      title={t("base", {
        price: formatUsdInFull(base, i18n.language),
        multiplier: model.multiplier,
      })}
    >
      <Money usd={model[field]} missing={t("no_price")} />
    </span>
  );
}
