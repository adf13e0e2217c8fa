import { createFileRoute } from "@tanstack/react-router";

import { makingSearch } from "@/filter/making";
import { loadTexts } from "@/i18n";
import { PlansPage } from "@/subscriptions/plans-page";

export const Route = createFileRoute("/_app/admin/plans")({
  validateSearch: makingSearch,
  loader: () => loadTexts("subscriptions", "table"),
  component: PlansPage,
});
