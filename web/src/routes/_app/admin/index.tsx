import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { OverviewPage } from "@/overview/overview-page";
import { overviewQuery } from "@/overview/queries";
import { zoneOf } from "@/session/preferences";

export const Route = createFileRoute("/_app/admin/")({
  loader: ({ context: { queryClient, me } }) => {
    void queryClient.prefetchQuery(overviewQuery(zoneOf(me)));
    return loadTexts("admin", "usage", "trace", "chart");
  },
  component: OverviewPage,
});
