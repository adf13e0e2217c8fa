import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { PublicPrice } from "@/api/types";
import { Money } from "@/components/value/money";
import { Dialects, ModelName } from "@/models/model-cells";
import type { Column } from "@/table/column";

type PriceField = Extract<keyof PublicPrice, `${string}_usd`>;

export function usePriceColumns(): readonly Column<PublicPrice>[] {
  const { t } = useTranslation(["public", "models"]);
  return useMemo(() => {
    const price = (
      id: PriceField,
      header: string,
      more: Partial<Column<PublicPrice>> = {},
    ): Column<PublicPrice> => ({
      id,
      header,
      help: t("models:per_million"),
      cell: (model) => <Money usd={model[id]} missing={t("public:prices.no_price")} />,
      text: (model) => model[id] ?? "",
      width: 120,
      align: "end",
      ...more,
    });
    return [
      {
        id: "name",
        header: t("models:column.name"),
        cell: ({ name }) => <ModelName name={name} />,
        text: ({ name }) => name,
        width: 280,
        grows: true,
        sort: "asc",
        card: "title",
      },
      {
        id: "owner",
        header: t("models:column.owner"),
        cell: ({ owner }) => <bdi data-raw="">{owner}</bdi>,
        text: ({ owner }) => owner,
        width: 120,
        sort: "asc",
      },
      {
        id: "dialects",
        header: t("models:column.dialects"),
        help: t("models:column.dialects_help"),
        cell: ({ dialects }) => <Dialects dialects={dialects} />,
        text: ({ dialects }) => dialects.join(" "),
        width: 300,
      },
      price("input_usd", t("models:column.input"), { card: "figure" }),
      price("output_usd", t("models:column.output"), { card: "figure" }),
      price("cache_read_usd", t("models:column.cache_read")),
      price("cache_write_5m_usd", t("public:prices.cache_write_5m"), { width: 150 }),
      price("cache_write_1h_usd", t("public:prices.cache_write_1h"), { width: 150 }),
    ];
  }, [t]);
}
