import { createFileRoute } from "@tanstack/react-router";

import { ErrorRulesPage } from "@/error-rules/error-rules-page";
import { rulesQuery } from "@/error-rules/queries";
import { rulesSearch } from "@/error-rules/rules-search";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/admin/error-rules")({
  validateSearch: rulesSearch,
  loader: ({ context: { queryClient } }) => {
    void queryClient.prefetchQuery(rulesQuery);
    return loadTexts("error_rules", "trace", "table");
  },
  component: ErrorRulesPage,
});
