import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { InvitationsPage } from "@/invitations/invitations-page";

export const Route = createFileRoute("/_app/account/invitations")({
  loader: () => loadTexts("invitations", "chart"),
  component: InvitationsPage,
});
