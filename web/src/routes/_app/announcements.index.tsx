import { createFileRoute } from "@tanstack/react-router";

import { AnnouncementsPage } from "@/announcements/announcements-page";
import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/announcements/")({
  validateSearch: listSearch,
  loader: () => loadTexts("announcements", "table"),
  component: AnnouncementsPage,
});
