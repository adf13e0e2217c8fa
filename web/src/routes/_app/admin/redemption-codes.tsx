import { createFileRoute } from "@tanstack/react-router";

import { CodesPage } from "@/codes/codes-page";
import { makingSearch } from "@/filter/making";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/admin/redemption-codes")({
  validateSearch: makingSearch,
  loader: () => loadTexts("codes", "table"),
  component: CodesPage,
});
