import { type ListSearch, listSearch } from "@/filter/list-search";

/** The address of a usage page: its list, the tab, and the request that is open. */
export interface UsageSearch extends ListSearch {
  tab?: string;
  req?: string;
}

export function usageSearch(search: Record<string, unknown>): UsageSearch {
  const { tab, req } = search;
  return {
    ...listSearch(search),
    ...(typeof tab === "string" && { tab }),
    ...(typeof req === "string" && req !== "" && { req }),
  };
}
