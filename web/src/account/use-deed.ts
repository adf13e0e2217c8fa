import { useCallback, useState } from "react";

import { GivenUp, useReauthenticated } from "@/session/reauthentication";

/** A deed of this page: busy while it runs, asks again who one is where the server wants to know, keeps what went wrong. */
export function useDeed(): {
  busy: boolean;
  error: unknown;
  run: (deed: () => Promise<unknown>) => Promise<boolean>;
} {
  const known = useReauthenticated();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const run = useCallback(
    async (deed: () => Promise<unknown>) => {
      setBusy(true);
      setError(undefined);
      try {
        await known(deed);
        return true;
      } catch (caught) {
        if (!(caught instanceof GivenUp)) setError(caught);
        return false;
      } finally {
        setBusy(false);
      }
    },
    [known],
  );
  return { busy, error, run };
}
