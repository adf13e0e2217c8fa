import { createFileRoute, useParams } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { ReturnPage } from "@/shop/return-page";

export const Route = createFileRoute("/_app/pay/$id/$outcome")({
  loader: () => loadTexts("shop"),
  component: Returned,
});

function Returned() {
  const { id, outcome } = useParams({ from: "/_app/pay/$id/$outcome" });
  return <ReturnPage id={id} outcome={outcome === "success" ? "success" : "cancel"} />;
}
