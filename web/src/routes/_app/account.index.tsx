import { createFileRoute } from "@tanstack/react-router";

import { AccountPage } from "@/account/account-page";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/account/")({
  loader: () => loadTexts("account", "consent"),
  component: AccountPage,
});
