import { createFileRoute } from "@tanstack/react-router";

import { DashboardPage } from "@/dashboard/dashboard-page";
import { dashboardQuery, spanOf } from "@/dashboard/queries";
import { loadTexts } from "@/i18n";
import { zoneOf } from "@/session/preferences";

export const Route = createFileRoute("/_app/dashboard")({
  validateSearch: ({ t }: Record<string, unknown>): { t?: string } =>
    typeof t === "string" && t !== "" ? { t } : {},
  loaderDeps: ({ search: { t } }) => ({ span: spanOf(t) }),
  loader: ({ context: { queryClient, me }, deps: { span } }) => {
    void queryClient.prefetchQuery(dashboardQuery(span, zoneOf(me)));
    return loadTexts("dashboard", "usage", "trace", "chart", "filter");
  },
  component: DashboardPage,
});
