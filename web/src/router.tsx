import type { QueryClient } from "@tanstack/react-query";
import { createRouter, type RouterHistory } from "@tanstack/react-router";
import { lazy } from "react";
import { routeTree } from "./route-tree.gen";
import { existsIn } from "./shell/exists";

const errorPages = () => import("./shell/error-page");
const ErrorPage = lazy(() => errorPages().then((pages) => ({ default: pages.ErrorPage })));
const NotFoundPage = lazy(() => errorPages().then((pages) => ({ default: pages.NotFoundPage })));

/** The pages over a store of what was fetched. Error pages come as a chunk of their own: most visits need none. */
export function createPages(queryClient: QueryClient, history?: RouterHistory) {
  const pages = createRouter({
    routeTree,
    context: {
      queryClient,
      exists: (path: string): boolean => existsIn(pages.routesByPath)(path),
      query: (): string => pages.history.location.search,
    },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0, // what is fresh is the query client's business
    scrollRestoration: true,
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: NotFoundPage,
    ...(history && { history }),
  });
  return pages;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
