import { createFileRoute } from "@tanstack/react-router";

import { makingSearch } from "@/filter/making";
import { loadTexts } from "@/i18n";
import { ChannelsPage } from "@/shop/channels-page";

export const Route = createFileRoute("/_app/admin/payment-channels")({
  validateSearch: makingSearch,
  loader: () => loadTexts("orders", "table"),
  component: ChannelsPage,
});
