import { createFileRoute } from "@tanstack/react-router";

import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";
import { BalanceTab } from "@/users/balance-tab";

export const Route = createFileRoute("/_app/admin/users/$name/balance")({
  validateSearch: listSearch,
  loader: () => loadTexts("balance", "table"),
  component: BalanceTab,
});
