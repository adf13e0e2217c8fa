import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { SettingsPage } from "@/settings/settings-page";

export const Route = createFileRoute("/_app/admin/settings")({
  loader: () => loadTexts("settings"),
  component: SettingsPage,
});
