import { createFileRoute } from "@tanstack/react-router";

import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";
import { SubscriptionPage } from "@/plans/subscription-page";

export const Route = createFileRoute("/_app/subscription")({
  validateSearch: listSearch,
  loader: () => loadTexts("plans", "shop", "balance", "table"),
  component: SubscriptionPage,
});
