import { createFileRoute } from "@tanstack/react-router";

import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";
import { ModelsPage } from "@/models/models-page";

export const Route = createFileRoute("/_app/models")({
  validateSearch: listSearch,
  loader: () => loadTexts("models", "filter", "table"),
  component: ModelsPage,
});
