import type { QueryClient } from "@tanstack/react-query";
import { createRouter, lazyRouteComponent, type RouterHistory } from "@tanstack/react-router";
import { routeTree } from "./route-tree.gen";
import { existsIn } from "./shell/exists";

/** The pages over a store of what was fetched. Error pages come as a chunk of their own: most visits need none. */
export function createPages(queryClient: QueryClient, history?: RouterHistory) {
  const pages = createRouter({
    routeTree,
    context: {
      queryClient,
      exists: (path: string): boolean => existsIn(pages.routesByPath)(path),
    },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0, // what is fresh is the query client's business
    scrollRestoration: true,
    defaultErrorComponent: lazyRouteComponent(() => import("./shell/error-page"), "ErrorPage"),
    defaultNotFoundComponent: lazyRouteComponent(
      () => import("./shell/error-page"),
      "NotFoundPage",
    ),
    ...(history && { history }),
  });
  return pages;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
