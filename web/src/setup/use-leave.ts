import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";

import { useMe } from "@/session/use-me";
import { existsIn } from "@/shell/exists";
import { homeOf } from "@/shell/nav";
import { setup, setupQuery } from "./queries";

/** Ends the set-up, finished or not: nothing leads here by itself again. */
export function useLeave(): { busy: boolean; error: unknown; leave: () => Promise<void> } {
  const queries = useQueryClient();
  const router = useRouter();
  const me = useMe();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  return {
    busy,
    error,
    leave: async () => {
      setBusy(true);
      setError(undefined);
      try {
        queries.setQueryData(setupQuery.queryKey, await setup.dismiss());
        router.history.push(homeOf(me, existsIn(router.routesByPath)));
      } catch (caught) {
        setError(caught);
        setBusy(false);
      }
    },
  };
}
