import { createFileRoute } from "@tanstack/react-router";

import { BalancePage } from "@/balance/balance-page";
import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/balance")({
  validateSearch: listSearch,
  loader: () => loadTexts("balance", "table"),
  component: BalancePage,
});
