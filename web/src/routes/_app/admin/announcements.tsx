import { createFileRoute } from "@tanstack/react-router";

import { OfficePage } from "@/announcement-office/office-page";
import { makingSearch } from "@/filter/making";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/admin/announcements")({
  validateSearch: makingSearch,
  loader: () => loadTexts("announcement_office", "announcements", "table"),
  component: OfficePage,
});
