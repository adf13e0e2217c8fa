import { useNavigate } from "@tanstack/react-router";
import { Inbox, MessagesSquare } from "lucide-react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { TicketView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { useListState } from "@/filter/list-state";
import { Page } from "@/shell/page";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { fetchTickets, listKey } from "@/tickets/queries";
import { CannedSheet } from "./canned-sheet";
import { askedFor, filterOf, termsOf } from "./filter";
import { useQueueColumns } from "./queue-columns";
import { QueueFilters } from "./queue-filters";
import { useCannedSheet } from "./use-canned-sheet";

/** What users asked, what moved last first; at first those that wait for an answer. */
export function QueuePage() {
  const { t } = useTranslation("ticket_office");
  const navigate = useNavigate();
  const state = useListState();
  const sheet = useCannedSheet();
  const filter = filterOf(state.terms);
  const { rows } = useListQuery<TicketView>({
    key: listKey("office"),
    state,
    fetchPage: fetchTickets("office", askedFor(filter)),
  });
  const isUnknown = rows.status === "error" && asProblem(rows.error).code === "not_found";
  const replies = (
    <Button icon={<MessagesSquare aria-hidden="true" />} onClick={() => sheet.show(true)}>
      {t("canned.title")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={replies}>
      <DataTable<TicketView>
        name="ticket_queue"
        label={t("title")}
        columns={useQueueColumns()}
        rows={rows}
        state={state}
        rowId={({ id }) => id}
        rowLabel={({ subject }) => subject}
        opens={({ id }) => void navigate({ to: "/admin/tickets/$id", params: { id } })}
        toolbar={
          <QueueFilters filter={filter} onChange={(next) => state.setTerms(termsOf(next))} />
        }
        {...(isUnknown && {
          unavailable: {
            title: t("filter.unknown"),
            text: t("filter.unknown_text"),
            action: <Button onClick={state.clear}>{t("filter.clear")}</Button>,
          },
        })}
        nothing={{ icon: <Inbox />, title: t("none"), text: t("none_text") }}
      />
      <CannedSheet open={sheet.isOpen} onClose={() => sheet.show(false)} />
    </Page>
  );
}
