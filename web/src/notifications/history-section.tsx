import { useQueryClient } from "@tanstack/react-query";
import { BellRing } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { NotificationView } from "@/api/types";
import type { ListState } from "@/filter/list-state";
import { Section } from "@/shell/page";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { fetchHistory, historyKey, type Owner, refreshSent } from "./api";
import { useHistoryColumns } from "./history-columns";
import { HistorySheet } from "./history-sheet";
import { lookAgainIn } from "./look-again";
import { useRetry } from "./use-retry";

/** What was sent, the newest first. */
export function HistorySection({ owner, state }: { owner: Owner; state: ListState }) {
  const { t } = useTranslation("notifications");
  const { rows } = useListQuery<NotificationView>({
    key: historyKey(owner),
    state,
    fetchPage: fetchHistory(owner),
  });
  const retry = useRetry(owner);
  useLookAgain(owner, rows.items);
  return (
    <Section title={t("history.title")} about={t("history.about")}>
      <DataTable<NotificationView>
        name={`notifications_${owner}`}
        label={t("history.rows")}
        columns={useHistoryColumns()}
        rows={rows}
        state={state}
        rowId={({ id }) => id}
        rowLabel={({ title }) => title}
        opens="row"
        actions={(sent) =>
          sent.state === "failed"
            ? [{ id: "retry", label: t("history.retry"), run: () => void retry(sent) }]
            : []
        }
        nothing={{ icon: <BellRing />, title: t("history.none"), text: t("history.none_text") }}
      />
      <HistorySheet
        sent={rows.items.find(({ id }) => id === state.row)}
        onRetry={retry}
        onClose={() => state.setRow(undefined)}
      />
    </Section>
  );
}

/** Asks anew when something that waits was tried, while somebody looks. */
function useLookAgain(owner: Owner, items: readonly NotificationView[]) {
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const plan = () => {
      const wait = lookAgainIn(items, Date.now());
      if (wait === undefined) return;
      timer = setTimeout(() => {
        if (document.visibilityState === "visible") void refreshSent(queries, owner);
        // Where nothing has changed, the items are the same and nothing else begins it anew.
        plan();
      }, wait);
    };
    plan();
    return () => clearTimeout(timer);
  }, [queries, owner, items]);
}
