import { useQueryClient } from "@tanstack/react-query";
import { Activity } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import type { PublicStatus } from "@/api/types";
import { FilterBar } from "@/filter/filter-bar";
import { useListState } from "@/filter/list-state";
import { ErrorPage } from "@/shell/error-page";
import { Page } from "@/shell/page";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { modelStates } from "./model-state";
import { isGone } from "./open-page";
import { fetchStatus, statusKey } from "./queries";
import { useStatusColumns } from "./status-columns";
import { StatusSentence } from "./status-sentence";

const defaults = { sort: "name" };
const everyMs = 60_000;

/** How models are doing, for anyone. */
export function StatusPage() {
  const { t } = useTranslation(["public", "models"]);
  const state = useListState(defaults);
  const { rows, facets } = useListQuery<PublicStatus>({
    key: [...statusKey, "list"],
    state,
    fetchPage: fetchStatus,
  });
  const columns = useStatusColumns();
  useAgain();
  if (isGone(rows.error)) return <ErrorPage error={rows.error} />;
  return (
    <Page title={t("public:status.title")} about={t("public:status.about")}>
      <StatusSentence />
      <div>
        <FilterBar
          state={state}
          facets={facets}
          fields={[
            { name: "owner", label: t("models:column.owner"), kind: "text" },
            {
              name: "state",
              label: t("public:status.state"),
              kind: "choice",
              values: modelStates.map((value) => ({ value, label: t(`public:state.${value}`) })),
            },
          ]}
        />
        <DataTable
          name="status"
          label={t("public:status.title")}
          columns={columns}
          rows={rows}
          state={state}
          rowId={({ name }) => name}
          rowLabel={({ name }) => name}
          nothing={{ icon: <Activity />, title: t("public:none"), text: t("public:none_text") }}
        />
      </div>
    </Page>
  );
}

/** Asks anew every minute, the sentence and the list together, while somebody looks. */
function useAgain() {
  const queries = useQueryClient();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible")
        void queries.invalidateQueries({ queryKey: statusKey });
    }, everyMs);
    return () => clearInterval(timer);
  }, [queries]);
}
