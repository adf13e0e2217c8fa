import { createFileRoute } from "@tanstack/react-router";

import { CredentialsTab } from "@/channels/credentials-tab";

export const Route = createFileRoute("/_app/admin/channels/$name/credentials")({
  component: CredentialsTab,
});
