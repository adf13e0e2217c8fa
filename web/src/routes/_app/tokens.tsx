import { createFileRoute } from "@tanstack/react-router";

import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";
import { TokensPage } from "@/tokens/tokens-page";

export const Route = createFileRoute("/_app/tokens")({
  validateSearch: listSearch,
  loader: () => loadTexts("tokens", "limits", "trace", "filter", "table", "batch"),
  component: TokensPage,
});
