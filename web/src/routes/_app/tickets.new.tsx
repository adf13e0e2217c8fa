import { createFileRoute, useSearch } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { newSearch } from "@/tickets/new-search";
import { NewTicketPage } from "@/tickets/new-ticket-page";

export const Route = createFileRoute("/_app/tickets/new")({
  validateSearch: newSearch,
  loader: () => loadTexts("tickets"),
  component: NewTicket,
});

function NewTicket() {
  const { request } = useSearch({ from: "/_app/tickets/new" });
  return <NewTicketPage request={request} />;
}
