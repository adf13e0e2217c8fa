import { type ListSearch, listSearch } from "@/filter/list-search";
import { type MarginBy, marginParts } from "./queries";

/** The address of the page: its range and order, and by what the sums are told apart. */
export interface MarginSearch extends ListSearch {
  by?: MarginBy;
}

export function marginSearch(search: Record<string, unknown>): MarginSearch {
  const by = marginParts.find((one) => one === search.by);
  return { ...listSearch(search), ...(by && by !== "channel" && { by }) };
}
