import { createFileRoute } from "@tanstack/react-router";

import { RoutingTab } from "@/channels/routing-tab";

export const Route = createFileRoute("/_app/admin/channels/$name/routing")({
  component: RoutingTab,
});
