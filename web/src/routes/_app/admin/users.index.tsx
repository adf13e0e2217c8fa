import { createFileRoute } from "@tanstack/react-router";

import { listSearch } from "@/filter/list-search";
import { loadTexts } from "@/i18n";
import { UsersPage } from "@/users/users-page";

export const Route = createFileRoute("/_app/admin/users/")({
  validateSearch: listSearch,
  loader: () => loadTexts("users", "auth", "limits", "filter", "table", "batch"),
  component: UsersPage,
});
