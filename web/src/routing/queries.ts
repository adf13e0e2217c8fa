import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Page } from "@/table/list-query";
import type { CallerKind, Simulation } from "./simulation";

/** Asks what would happen. Nothing is sent upstream, so it may be asked again at any time. */
export const simulateQuery = (simulation: Simulation) =>
  queryOptions({
    queryKey: ["routing", simulation],
    queryFn: ({ signal }) => api.post("/api/admin/routing/simulate", simulation, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });

/** A value that can be chosen, and what it is called where that differs. */
export interface Suggestion {
  readonly value: string;
  readonly label?: string;
}

interface Named {
  id: string;
  name?: string;
  username?: string;
  user?: string;
}

const lists = {
  user_group: "/api/admin/user-groups",
  user: "/api/admin/users",
  api_key: "/api/admin/api-keys",
  model: "/api/admin/models",
} as const;

/** What there is to choose from, as far as one page of the list goes; anything else can be typed. */
export const suggestionsQuery = (kind: CallerKind | "model") =>
  queryOptions({
    queryKey: ["routing", "suggestions", kind],
    queryFn: async ({ signal }): Promise<Suggestion[]> => {
      const query = { limit: 200, ...(kind === "api_key" && { filter: "status:active" }) };
      const { items } = await api.get<Page<Named>>(lists[kind], { signal, query });
      return items.map(({ id, name, username, user }) =>
        kind === "api_key"
          ? { value: id, label: [user, name].filter(Boolean).join(" · ") }
          : { value: name ?? username ?? id },
      );
    },
    staleTime: 60_000,
  });
