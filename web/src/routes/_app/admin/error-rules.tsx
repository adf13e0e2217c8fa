import { createFileRoute } from "@tanstack/react-router";

import { ErrorRulesPage } from "@/error-rules/error-rules-page";
import { rulesQuery } from "@/error-rules/queries";
import { makingSearch } from "@/filter/making";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/admin/error-rules")({
  validateSearch: makingSearch,
  loader: ({ context: { queryClient } }) => {
    void queryClient.prefetchQuery(rulesQuery);
    return loadTexts("error_rules", "trace", "table");
  },
  component: ErrorRulesPage,
});
