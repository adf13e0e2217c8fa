import { createFileRoute } from "@tanstack/react-router";

import { makingSearch } from "@/filter/making";
import { loadTexts } from "@/i18n";
import { SubscriptionsPage } from "@/subscriptions/subscriptions-page";

export const Route = createFileRoute("/_app/admin/subscriptions")({
  validateSearch: makingSearch,
  loader: () => loadTexts("subscriptions", "table"),
  component: SubscriptionsPage,
});
