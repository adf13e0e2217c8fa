import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet } from "@tanstack/react-router";

import { bootstrapQuery } from "@/session/session";
import { nameSite } from "@/shell/document-title";

interface Context {
  queryClient: QueryClient;
  /** Whether a page lies at that path. */
  exists: (path: string) => boolean;
  /** The query of the address to the letter, `?` and all: what the router reads out of it and writes anew may differ. */
  query: () => string;
}

export const Route = createRootRouteWithContext<Context>()({
  beforeLoad: async ({ context }) => {
    const site = await context.queryClient.ensureQueryData(bootstrapQuery);
    nameSite(site.site_name);
    return { site };
  },
  component: Outlet,
});
