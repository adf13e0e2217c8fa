import { createFileRoute } from "@tanstack/react-router";

import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";
import { TopUpPage } from "@/shop/top-up-page";

export const Route = createFileRoute("/_app/topup")({
  validateSearch: listSearch,
  loader: () => loadTexts("shop", "table"),
  component: TopUpPage,
});
