import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { OptionsTab } from "@/options/options-tab";

export const Route = createFileRoute("/_app/admin/channels/$name/options")({
  loader: () => loadTexts("options"),
  component: OptionsTab,
});
