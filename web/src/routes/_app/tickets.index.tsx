import { createFileRoute } from "@tanstack/react-router";

import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";
import { TicketsPage } from "@/tickets/tickets-page";

export const Route = createFileRoute("/_app/tickets/")({
  validateSearch: listSearch,
  loader: () => loadTexts("tickets", "table"),
  component: TicketsPage,
});
