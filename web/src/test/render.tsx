import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { type RenderResult, render } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { HttpResponse, http, type RequestHandler } from "msw";
import { type ReactNode, Suspense } from "react";

import { actAs } from "@/api/client";
import { createQueryClient } from "@/api/query-client";
import type { Bootstrap, Me } from "@/api/types";
import { createPages } from "@/router";
import { keepSession } from "@/session/keep-session";
import { ReauthenticationProvider } from "@/session/reauthentication";
import { bootstrapQuery, meQuery } from "@/session/session";
import { existsIn } from "@/shell/exists";
import { homeOf } from "@/shell/nav";
import { bootstrap, me as makeMe } from "./fixtures";
import { problem, server } from "./server";

interface Surroundings {
  /** Who is signed in; `null` is nobody. */
  me?: Me | null;
  site?: Partial<Bootstrap>;
  /** What else the server answers, from the first request on. */
  handlers?: RequestHandler[];
}

interface Rendered extends RenderResult {
  user: UserEvent;
  queries: QueryClient;
}

function quietQueries(): QueryClient {
  const queries = createQueryClient();
  queries.setDefaultOptions({
    ...queries.getDefaultOptions(),
    queries: { ...queries.getDefaultOptions().queries, retry: false },
  });
  return queries;
}

/** The whole app at a path, with a server that knows the site and who is signed in. */
export function renderPage(
  path: string,
  { me = makeMe(), site = {}, handlers = [] }: Surroundings = {},
): Rendered & { pages: ReturnType<typeof createPages>; reload: () => number } {
  server.use(
    ...handlers,
    http.get("/api/bootstrap", () => HttpResponse.json(bootstrap(site))),
    http.get("/api/me", () => (me ? HttpResponse.json(me) : problem(401, "unauthenticated"))),
  );
  const queries = quietQueries();
  const pages = createPages(queries, createMemoryHistory({ initialEntries: [path] }));
  let reloads = 0;
  keepSession(queries, pages, () => {
    reloads += 1;
  });
  const result = render(
    <QueryClientProvider client={queries}>
      <Suspense>
        <RouterProvider router={pages} />
      </Suspense>
    </QueryClientProvider>,
  );
  return { ...result, user: userEvent.setup(), queries, pages, reload: () => reloads };
}

/** Where somebody begins: the first page of their menu. */
export function beginningOf(pages: ReturnType<typeof createPages>, me: Me = makeMe()): string {
  return homeOf(me, existsIn(pages.routesByPath));
}

/** A part of a page with all it may ask for around it: who is signed in, the site, a router that knows only this place. */
export function renderPart(
  part: ReactNode,
  { me = makeMe(), site = {} }: Surroundings = {},
): Rendered {
  const queries = quietQueries();
  queries.setQueryData(bootstrapQuery.queryKey, bootstrap(site));
  queries.setQueryData(meQuery.queryKey, me);
  actAs(me?.id);
  const rootRoute = createRootRoute({
    component: () => <ReauthenticationProvider>{part}</ReauthenticationProvider>,
  });
  const router = createRouter({
    routeTree: rootRoute,
    history: createMemoryHistory({ initialEntries: ["/"] }),
  });
  const result = render(
    <QueryClientProvider client={queries}>
      <Suspense>
        {/* Not the app's own router: the part stands alone. */}
        <RouterProvider router={router as never} />
      </Suspense>
    </QueryClientProvider>,
  );
  return { ...result, user: userEvent.setup(), queries };
}
