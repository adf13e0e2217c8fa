import { createFileRoute } from "@tanstack/react-router";

import { OwnApiDocs } from "@/api-docs/own-api-docs";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/docs/api")({
  loader: () => loadTexts("api_docs"),
  component: OwnApiDocs,
});
