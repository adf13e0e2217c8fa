import type { QueryClient } from "@tanstack/react-query";

import { actAs, api, watchSession } from "@/api/client";
import type { createPages } from "@/router";
import { endSession, meQuery } from "./session";

/** How often a page is left anew that somebody went to in the meantime. */
const mostTries = 3;

/** Follows the session: one that is over leads to the sign-in page and back, one that became another user's in a
    second tab begins the page anew. */
export function keepSession(
  queries: QueryClient,
  pages: ReturnType<typeof createPages>,
  reload: () => void = () => window.location.reload(),
): void {
  function leave(tries: number) {
    const { href, pathname } = pages.state.location;
    if (pathname === "/login") return;
    // To the letter, as it stands in the address: what an app sent one here with goes back to it unchanged.
    const search = { return_to: pages.history.location.href, error: "session_over" } as const;
    // The page goes first: it cannot be drawn for nobody. Unsaved changes may hold it.
    void pages.navigate({ to: "/login", search }).then(() => {
      const now = pages.state.location;
      if (now.pathname === "/login") endSession(queries);
      // A link that was followed at the same moment won: there is nobody to draw that page for either.
      else if (now.href !== href && tries > 1) leave(tries - 1);
    });
  }
  watchSession({
    lost: () => {
      actAs(undefined);
      leave(mostTries);
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
