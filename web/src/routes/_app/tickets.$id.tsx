import { createFileRoute, useParams } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { ThreadPage } from "@/tickets/thread-page";

export const Route = createFileRoute("/_app/tickets/$id")({
  loader: () => loadTexts("tickets"),
  component: OneTicket,
});

function OneTicket() {
  const { id } = useParams({ from: "/_app/tickets/$id" });
  return <ThreadPage key={id} id={id} />;
}
