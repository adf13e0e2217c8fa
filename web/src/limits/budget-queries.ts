import { queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { BudgetUse } from "@/api/types";

interface Budgets {
  budgets: BudgetUse[];
}

/** What is used moves with every call; it need not be told to the second. */
const staleTime = 15_000;

/** One's own budgets and those of one's keys. */
export const ownBudgetsQuery = queryOptions({
  queryKey: ["tokens", "budgets"],
  queryFn: ({ signal }) => api.get<Budgets>("/api/budgets", { signal }),
  staleTime,
});

/** Those of a user, for operators. */
export const budgetsOfQuery = (username: string) =>
  queryOptions({
    queryKey: ["people", "budgets", username],
    queryFn: ({ signal }) =>
      api.get<Budgets>(path`/api/admin/users/${username}/budgets`, { signal }),
    staleTime,
  });
