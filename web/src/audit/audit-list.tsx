import { ScrollText } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { AuditEntry } from "@/api/types";
import { FilterBar } from "@/filter/filter-bar";
import { exactly, printTerm } from "@/filter/grammar";
import { useListState } from "@/filter/list-state";
import type { Range } from "@/filter/range";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { useAuditColumns } from "./audit-columns";
import { useAuditFields } from "./audit-fields";
import { AuditSheet } from "./audit-sheet";
import { fetchAudit } from "./queries";

const month: Range = { last: "30d" };
const defaults = { range: month };

/** The entries of the log; of one user: what they did and what was done to them or their keys. */
export function AuditList({ user }: { user?: string }) {
  const { t } = useTranslation("audit");
  const state = useListState(defaults);
  const range = state.range ?? month;
  const always =
    user === undefined
      ? undefined
      : printTerm({ field: "user", operator: ":", values: [exactly(user)] });
  const { rows } = useListQuery<AuditEntry>({
    key: ["audit", "list", range, always],
    state,
    fetchPage: fetchAudit(range, always),
  });
  return (
    <div>
      <FilterBar state={state} fields={useAuditFields()} placeholder={t("search")} views="audit" />
      <DataTable
        name="audit"
        label={t("title")}
        columns={useAuditColumns()}
        rows={rows}
        state={state}
        rowId={({ id }) => id}
        rowLabel={({ action, object }) => `${action} ${object ?? ""}`.trim()}
        opens="row"
        nothing={{ icon: <ScrollText />, title: t("none"), text: t("none_text") }}
      />
      <AuditSheet id={state.row} items={rows.items} onClose={() => state.setRow(undefined)} />
    </div>
  );
}
