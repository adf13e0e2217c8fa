import { createFileRoute } from "@tanstack/react-router";

import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";
import { offerQuery } from "@/shop/queries";
import { TopUpPage } from "@/shop/top-up-page";

export const Route = createFileRoute("/_app/topup")({
  validateSearch: listSearch,
  loader: ({ context: { queryClient } }) => {
    void queryClient.prefetchQuery(offerQuery);
    return loadTexts("shop", "table");
  },
  component: TopUpPage,
});
