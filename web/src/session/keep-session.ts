import type { QueryClient } from "@tanstack/react-query";

import { api, watchSession } from "@/api/client";
import type { Me } from "@/api/types";
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
      endSession(queries);
      const { href } = pages.state.location;
      void pages.navigate({ to: "/login", search: { return_to: href, error: "session_over" } });
    },
    forbidden: () => {
      const before = queries.getQueryData(meQuery.queryKey);
      // Not through the query: who asks is what is in doubt.
      api.get<Me>("/api/me").then(
        (now) => {
          if (before && now.id !== before.id) reload();
        },
        () => undefined,
      );
    },
  });
}
