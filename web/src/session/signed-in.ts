import type { QueryClient } from "@tanstack/react-query";
import { redirect } from "@tanstack/react-router";

import type { Bootstrap, Me } from "@/api/types";
import { meQuery } from "./session";

interface Context {
  queryClient: QueryClient;
  site: Bootstrap;
}

/** Lets on who is signed in, as `me`; anybody else is led to set-up, or to sign in and back to `here`. */
export async function signedIn({ queryClient, site }: Context, here: string): Promise<{ me: Me }> {
  if (site.setup_needed) throw redirect({ to: "/setup", replace: true });
  const me = await queryClient.ensureQueryData(meQuery);
  if (!me) throw redirect({ to: "/login", search: { return_to: here }, replace: true });
  return { me };
}
