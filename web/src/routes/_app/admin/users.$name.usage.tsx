import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { usageSearch } from "@/usage/usage-search";
import { UsageTab } from "@/users/usage-tab";

export const Route = createFileRoute("/_app/admin/users/$name/usage")({
  validateSearch: usageSearch,
  loader: () => loadTexts("usage", "trace", "filter", "table", "chart"),
  component: UsageTab,
});
