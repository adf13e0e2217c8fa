import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { sessionsOfQuery } from "@/users/queries";
import { SessionsTab } from "@/users/sessions-tab";

export const Route = createFileRoute("/_app/admin/users/$name/sessions")({
  loader: ({ context: { queryClient }, params: { name } }) => {
    void queryClient.prefetchQuery(sessionsOfQuery(name));
    return loadTexts("account");
  },
  component: SessionsTab,
});
