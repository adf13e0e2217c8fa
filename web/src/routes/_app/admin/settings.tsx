import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { settingsSearch } from "@/settings/section";
import { SettingsPage } from "@/settings/settings-page";

export const Route = createFileRoute("/_app/admin/settings")({
  validateSearch: settingsSearch,
  loader: () => loadTexts("settings"),
  component: SettingsPage,
});
