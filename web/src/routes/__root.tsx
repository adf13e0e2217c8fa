import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet } from "@tanstack/react-router";

import { bootstrapQuery } from "@/session/session";

interface Context {
  queryClient: QueryClient;
  /** Whether a page lies at that path. */
  exists: (path: string) => boolean;
}

export const Route = createRootRouteWithContext<Context>()({
  beforeLoad: async ({ context }) => ({
    site: await context.queryClient.ensureQueryData(bootstrapQuery),
  }),
  component: Outlet,
});
