/** Rules about errors: what is asked about them, and what is done to them. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { ErrorRuleView, ErrorTrial, ErrorTrialResult } from "@/api/types";
import { tagOf } from "@/config/tag";
import type { Page } from "@/table/list-query";
import { inOrder, type RuleChange } from "./rule";

/** One page holds more rules than anybody reads. */
const most = 200;

/** The rules in the order in which they are looked at, and how many there are. */
export const rulesQuery = queryOptions({
  queryKey: ["error-rules", "all"],
  queryFn: async ({ signal }) => {
    const query = { limit: most, sort: "-priority" };
    const page = await api.get<Page<ErrorRuleView>>("/api/admin/error-rules", { signal, query });
    return { ...page, items: inOrder(page.items) };
  },
});

/** The rule as it can be changed, with the tag of its version. */
export const ruleQuery = (name: string) =>
  queryOptions({
    queryKey: ["error-rules", "one", name],
    queryFn: ({ signal }) =>
      api.getTagged<ErrorRuleView>(path`/api/admin/error-rules/${name}`, { signal }),
  });

export const rules = {
  /** Makes a rule; a name that is there already is a conflict. */
  make: (name: string, change: RuleChange) =>
    api.put(
      path`/api/admin/error-rules/${name}`,
      { name, ...change },
      { headers: { "if-none-match": "*" } },
    ),
  put: (name: string, change: RuleChange, ifMatch: string | undefined) =>
    api.put(path`/api/admin/error-rules/${name}`, { name, ...change }, { ifMatch }),
  /** Switches a rule that still is what was seen. */
  async toggle(seen: ErrorRuleView, enabled: boolean): Promise<void> {
    const { name } = seen;
    const address = path`/api/admin/error-rules/${name}`;
    const ifMatch = await tagOf(address, seen);
    await api.put(address, { name, enabled }, { ifMatch });
  },
  remove: (name: string) => api.delete(path`/api/admin/error-rules/${name}`),
};

/** What the rules make of an error; nobody is called. */
export const tryError = (trial: ErrorTrial) =>
  api.post<ErrorTrialResult>("/api/admin/error-trial", trial);

export const refreshRules = (queries: QueryClient) =>
  queries.invalidateQueries({ queryKey: ["error-rules"] });
