import { createFileRoute, useParams } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { TracePage } from "@/usage/trace-page";

export const Route = createFileRoute("/_app/usage/$requestId")({
  loader: () => loadTexts("trace"),
  component: OwnRequest,
});

function OwnRequest() {
  const { requestId } = useParams({ from: "/_app/usage/$requestId" });
  return <TracePage whose="mine" requestId={requestId} />;
}
