import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { MarginPage } from "@/margin/margin-page";
import { marginSearch } from "@/margin/margin-search";

export const Route = createFileRoute("/_app/admin/margin")({
  validateSearch: marginSearch,
  loader: () => loadTexts("margin", "filter", "table", "chart"),
  component: Margins,
});

function Margins() {
  // What does not hold is left out of the search, yet still stands in the address.
  const { by = "channel" } = marginSearch({ ...Route.useSearch() });
  return <MarginPage by={by} />;
}
