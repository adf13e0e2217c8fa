import { createFileRoute, useParams } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { OfficeThreadPage } from "@/ticket-office/office-thread-page";

export const Route = createFileRoute("/_app/admin/tickets/$id")({
  loader: () => loadTexts("ticket_office", "tickets"),
  component: OneTicket,
});

function OneTicket() {
  const { id } = useParams({ from: "/_app/admin/tickets/$id" });
  return <OfficeThreadPage key={id} id={id} />;
}
