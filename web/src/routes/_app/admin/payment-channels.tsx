import { createFileRoute } from "@tanstack/react-router";

import { makingSearch } from "@/filter/making";
import { loadTexts } from "@/i18n";
import { ChannelsPage } from "@/shop/channels-page";
import { channelsQuery } from "@/shop/office";

export const Route = createFileRoute("/_app/admin/payment-channels")({
  validateSearch: makingSearch,
  loader: ({ context: { queryClient } }) => {
    void queryClient.prefetchQuery(channelsQuery);
    return loadTexts("orders", "table");
  },
  component: ChannelsPage,
});
