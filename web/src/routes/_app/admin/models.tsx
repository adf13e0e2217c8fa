import { createFileRoute } from "@tanstack/react-router";

import { CatalogPage } from "@/catalog/catalog-page";
import { catalogSearch } from "@/catalog/catalog-search";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/admin/models")({
  validateSearch: catalogSearch,
  loader: () => loadTexts("catalog", "channels", "filter", "table", "batch"),
  component: CatalogPage,
});
