import { createFileRoute } from "@tanstack/react-router";

import { ConnectPage } from "@/connect/connect-page";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/connect")({
  validateSearch: ({ key, model, client }: Record<string, unknown>) => ({
    ...(typeof key === "string" && { key }),
    ...(typeof model === "string" && { model }),
    ...(typeof client === "string" && { client }),
  }),
  loader: () => loadTexts("connect", "trace"),
  component: ConnectPage,
});
