import { createFileRoute, useParams } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { TracePage } from "@/usage/trace-page";

export const Route = createFileRoute("/_app/admin/requests/$requestId")({
  loader: () => loadTexts("trace"),
  component: AnyRequest,
});

function AnyRequest() {
  const { requestId } = useParams({ from: "/_app/admin/requests/$requestId" });
  return <TracePage whose="all" requestId={requestId} />;
}
