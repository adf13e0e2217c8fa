import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { OwnPlayground } from "@/playground/own-playground";

export const Route = createFileRoute("/_app/playground")({
  validateSearch: ({ model, key }: Record<string, unknown>) => ({
    ...(typeof model === "string" && { model }),
    ...(typeof key === "string" && { key }),
  }),
  loader: () => loadTexts("playground"),
  component: OwnPlayground,
});
