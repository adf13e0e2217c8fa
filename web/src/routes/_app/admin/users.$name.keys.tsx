import { createFileRoute } from "@tanstack/react-router";

import { loadTexts } from "@/i18n";
import { keysOfQuery } from "@/users/keys";
import { KeysTab } from "@/users/keys-tab";

export const Route = createFileRoute("/_app/admin/users/$name/keys")({
  loader: ({ context: { queryClient }, params: { name } }) => {
    void queryClient.prefetchQuery(keysOfQuery(name));
    return loadTexts("tokens", "limits", "trace", "table");
  },
  component: KeysTab,
});
