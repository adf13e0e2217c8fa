import { Tag } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { PublicPrice } from "@/api/types";
import { dialects } from "@/api/words";
import { FilterBar } from "@/filter/filter-bar";
import { useListState } from "@/filter/list-state";
import { ErrorPage } from "@/shell/error-page";
import { Page } from "@/shell/page";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { isGone } from "./open-page";
import { usePriceColumns } from "./price-columns";
import { fetchPrices } from "./queries";

const defaults = { sort: "name" };

/** What models cost who signs up now, for anyone. */
export function PricesPage() {
  const { t } = useTranslation(["public", "models"]);
  const state = useListState(defaults);
  const { rows, facets } = useListQuery<PublicPrice>({
    key: ["public", "prices"],
    state,
    fetchPage: fetchPrices,
  });
  const columns = usePriceColumns();
  if (isGone(rows.error)) return <ErrorPage error={rows.error} />;
  return (
    <Page title={t("public:prices.title")} about={t("public:prices.about")}>
      <div>
        <FilterBar
          state={state}
          facets={facets}
          fields={[
            { name: "owner", label: t("models:column.owner"), kind: "text" },
            {
              name: "dialect",
              label: t("models:column.dialects"),
              kind: "choice",
              values: dialects.map((value) => ({ value, label: t(`models:dialect.${value}`) })),
            },
          ]}
        />
        <DataTable
          name="prices"
          label={t("public:prices.title")}
          columns={columns}
          rows={rows}
          state={state}
          rowId={({ name }) => name}
          rowLabel={({ name }) => name}
          nothing={{
            icon: <Tag />,
            title: t("public:none"),
            text: t("public:none_text"),
          }}
        />
      </div>
    </Page>
  );
}
