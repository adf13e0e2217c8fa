import { createFileRoute } from "@tanstack/react-router";

import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";
import { QuarantinePage } from "@/quarantine/quarantine-page";

export const Route = createFileRoute("/_app/admin/quarantine")({
  validateSearch: listSearch,
  loader: () => loadTexts("quarantine", "balance", "table"),
  component: QuarantinePage,
});
