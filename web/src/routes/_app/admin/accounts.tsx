import { createFileRoute } from "@tanstack/react-router";

import { AccountsPage } from "@/accounts/accounts-page";
import { accountsQuery } from "@/accounts/queries";
import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/admin/accounts")({
  validateSearch: listSearch,
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(accountsQuery);
    return loadTexts("accounts", "table");
  },
  component: AccountsPage,
});
