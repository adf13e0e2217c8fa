import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { SetupPage } from "@/setup/setup-page";

export const Route = createFileRoute("/_public/setup")({
  loader: () => loadTexts("setup"),
  component: SetupPage,
});
