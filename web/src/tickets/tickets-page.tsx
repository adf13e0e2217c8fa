import { useNavigate } from "@tanstack/react-router";
import { LifeBuoy, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { TicketView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";
import { AppLink } from "@/connect/app-link";
import { useListState } from "@/filter/list-state";
import { Page } from "@/shell/page";
import { useShortcut } from "@/shell/shortcuts";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { fetchTickets, listKey } from "./queries";
import { choiceIn, stateChoices, stateOf, termsWith } from "./state-filter";
import { useTicketColumns } from "./ticket-columns";

/** What one asked those who run the site, what moved last first. */
export function TicketsPage() {
  const { t } = useTranslation("tickets");
  const navigate = useNavigate();
  const state = useListState();
  const choice = choiceIn(state.terms, "all");
  const { rows } = useListQuery<TicketView>({
    key: listKey("mine"),
    state,
    fetchPage: fetchTickets("mine", stateOf(choice)),
  });
  const makeOne = () => void navigate({ to: "/tickets/new" });
  useShortcut({ keys: "n", label: t("make"), group: "page" }, makeOne);
  const make = (
    <Button asChild variant="primary">
      <AppLink href="/tickets/new">
        <Plus aria-hidden="true" />
        {t("make")}
      </AppLink>
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={make}>
      <DataTable<TicketView>
        name="tickets"
        label={t("title")}
        columns={useTicketColumns()}
        rows={rows}
        state={state}
        rowId={({ id }) => id}
        rowLabel={({ subject }) => subject}
        opens={({ id }) => void navigate({ to: "/tickets/$id", params: { id } })}
        toolbar={
          <Segmented
            label={t("which")}
            value={choice}
            onChange={(next) => state.setTerms(termsWith("state", next === "all" ? "" : next))}
            options={stateChoices.map((value) => ({
              value,
              label: value === "all" ? t("all") : t(`state.${value}`),
            }))}
          />
        }
        nothing={{ icon: <LifeBuoy />, title: t("none"), text: t("none_text"), action: make }}
      />
    </Page>
  );
}
