import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { RoutingPage } from "@/routing/routing-page";
import { routingSearch } from "@/routing/simulation";

export const Route = createFileRoute("/_app/admin/routing")({
  validateSearch: routingSearch,
  loader: () => loadTexts("routing", "trace"),
  component: RoutingPage,
});
