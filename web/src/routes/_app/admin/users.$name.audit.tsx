import { createFileRoute } from "@tanstack/react-router";

import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";
import { AuditTab } from "@/users/audit-tab";

export const Route = createFileRoute("/_app/admin/users/$name/audit")({
  validateSearch: listSearch,
  loader: () => loadTexts("audit", "filter", "table"),
  component: AuditTab,
});
