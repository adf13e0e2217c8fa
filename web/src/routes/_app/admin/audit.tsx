import { createFileRoute } from "@tanstack/react-router";

import { AuditPage } from "@/audit/audit-page";
import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/admin/audit")({
  validateSearch: listSearch,
  loader: () => loadTexts("audit", "filter", "table"),
  component: AuditPage,
});
