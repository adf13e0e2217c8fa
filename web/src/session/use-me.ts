import { useSuspenseQuery } from "@tanstack/react-query";

import type { Bootstrap, Me, Permission } from "@/api/types";
import { bootstrapQuery, may, meQuery } from "./session";

/** Who is signed in. Only below the guarded layout, which has loaded it. */
export function useMe(): Me {
  const { data } = useSuspenseQuery(meQuery);
  if (!data) throw new Error("no one is signed in");
  return data;
}

/** Whether the signed-in user may do that. */
export function useMay(permission: Permission): boolean {
  return may(useMe(), permission);
}

/** What this site is. */
export function useBootstrap(): Bootstrap {
  return useSuspenseQuery(bootstrapQuery).data;
}
