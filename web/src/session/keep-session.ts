import type { QueryClient } from "@tanstack/react-query";

import { actAs, api, watchSession } from "@/api/client";
import type { createPages } from "@/router";
import { endSession, meQuery } from "./session";

/** Follows the session: one that is over leads to the sign-in page and back, one that became another user's in a
    second tab begins the page anew. */
export function keepSession(
  queries: QueryClient,
  pages: ReturnType<typeof createPages>,
  reload: () => void = () => window.location.reload(),
): void {
  watchSession({
    lost: () => {
      actAs(undefined);
      const { href, pathname } = pages.state.location;
      if (pathname === "/login") return;
      const search = { return_to: href, error: "session_over" } as const;
      // The page goes first: it cannot be drawn for nobody. Unsaved changes may hold it.
      void pages.navigate({ to: "/login", search }).then(() => {
        if (pages.state.location.pathname === "/login") endSession(queries);
      });
    },
    forbidden: () => {
      const before = queries.getQueryData(meQuery.queryKey);
      // Not through the query: who asks is what is in doubt.
      api.get("/api/me").then(
        (now) => {
          if (before && now.id !== before.id) reload();
        },
        () => undefined,
      );
    },
  });
}
