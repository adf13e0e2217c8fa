import { createFileRoute } from "@tanstack/react-router";

import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";
import { OpenPage } from "@/public/open-page";
import { PricesPage } from "@/public/prices-page";

export const Route = createFileRoute("/_public/prices")({
  validateSearch: listSearch,
  loader: () => loadTexts("public", "models", "filter", "table"),
  component: () => (
    <OpenPage page="prices">
      <PricesPage />
    </OpenPage>
  ),
});
