import { createFileRoute } from "@tanstack/react-router";

import { makingSearch } from "@/filter/making";
import { loadTexts } from "@/i18n";
import { NotificationsPage } from "@/notifications/notifications-page";

export const Route = createFileRoute("/_app/account/notifications")({
  validateSearch: makingSearch,
  loader: () => loadTexts("notifications", "table"),
  component: () => <NotificationsPage owner="me" />,
});
