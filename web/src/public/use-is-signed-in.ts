import { useQuery } from "@tanstack/react-query";

import { meQuery } from "@/session/session";
import { readPreference } from "@/shell/preference";

/** Whether somebody is signed in, as far as it is worth a question: a device that never showed the console has no session,
    and a stranger's first visit should not begin with a refusal. */
export function useIsSignedIn(): boolean {
  const isKnownHere = readPreference("last.mine") !== null || readPreference("last.admin") !== null;
  const { data } = useQuery({ ...meQuery, enabled: isKnownHere });
  return data !== undefined && data !== null;
}
