import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { KeyPage } from "@/public/key-page";
import { OpenPage } from "@/public/open-page";

export const Route = createFileRoute("/_public/key")({
  loader: () => loadTexts("public", "tokens", "limits", "connect", "trace", "chart"),
  component: () => (
    <OpenPage page="key">
      <KeyPage />
    </OpenPage>
  ),
});
