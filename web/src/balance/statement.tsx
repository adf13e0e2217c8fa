import { Receipt } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { EntryView } from "@/api/types";
import { useListState } from "@/filter/list-state";
import { Section } from "@/shell/page";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { useEntryColumns } from "./entry-columns";
import { EntrySheet } from "./entry-sheet";
import { entriesKey, fetchEntries, fetchStatement, type Owner } from "./queries";
import { useFreshEntries } from "./use-fresh-entries";

/** Every movement of a balance, the newest first. */
export function Statement({ owner }: { owner: Owner }) {
  const { t } = useTranslation("balance");
  const state = useListState();
  const { rows } = useListQuery<EntryView>({
    key: entriesKey(owner),
    state,
    fetchPage: fetchEntries(owner),
  });
  return (
    <Section title={t("statement.title")} about={t("statement.about")}>
      <DataTable
        name={owner === "me" ? "balance" : "balance_of"}
        label={t("statement.rows")}
        columns={useEntryColumns(owner)}
        rows={rows}
        state={state}
        rowId={({ id }) => id}
        rowLabel={({ kind, at }) => `${t(`kind.${kind}`)} ${at}`}
        opens="row"
        fresh={useFreshEntries(owner)}
        {...(owner === "me" && {
          fetchExport: fetchStatement,
          exportOffer: { formats: ["csv"], label: t("statement.export") },
        })}
        nothing={{ icon: <Receipt />, title: t("statement.none"), text: t("statement.none_text") }}
      />
      <EntrySheet
        owner={owner}
        id={state.row}
        items={rows.items}
        onClose={() => state.setRow(undefined)}
      />
    </Section>
  );
}
