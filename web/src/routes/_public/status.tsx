import { createFileRoute } from "@tanstack/react-router";

import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";
import { OpenPage } from "@/public/open-page";
import { StatusPage } from "@/public/status-page";

export const Route = createFileRoute("/_public/status")({
  validateSearch: listSearch,
  loader: () => loadTexts("public", "models", "chart", "filter", "table"),
  component: () => (
    <OpenPage page="status">
      <StatusPage />
    </OpenPage>
  ),
});
