import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { TracePage } from "@/usage/trace-page";

export const Route = createFileRoute("/_app/admin/requests/$requestId")({
  loader: () => loadTexts("trace"),
  component: AnyRequest,
});

function AnyRequest() {
  return <TracePage whose="all" requestId={Route.useParams().requestId} />;
}
