import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { UsagePage } from "@/usage/usage-page";
import { usageSearch } from "@/usage/usage-search";

export const Route = createFileRoute("/_app/usage/")({
  validateSearch: usageSearch,
  loader: () => loadTexts("usage", "trace", "filter", "table", "chart"),
  component: () => <UsagePage whose="mine" />,
});
