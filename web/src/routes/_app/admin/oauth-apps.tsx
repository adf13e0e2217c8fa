import { createFileRoute } from "@tanstack/react-router";

import { makingSearch } from "@/filter/making";
import { loadTexts } from "@/i18n";
import { AppsPage } from "@/oauth-apps/apps-page";

export const Route = createFileRoute("/_app/admin/oauth-apps")({
  validateSearch: makingSearch,
  loader: () => loadTexts("oauth_apps", "consent", "table"),
  component: AppsPage,
});
