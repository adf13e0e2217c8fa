import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { QueuePage } from "@/ticket-office/queue-page";
import { queueSearch } from "@/ticket-office/queue-search";

export const Route = createFileRoute("/_app/admin/tickets/")({
  validateSearch: queueSearch,
  loader: () => loadTexts("ticket_office", "tickets", "table"),
  component: QueuePage,
});
