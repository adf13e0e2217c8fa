import { type ListSearch, listSearch } from "@/filter/list-search";

/** The address of the list of rules: its open row, or the sheet that makes one. */
export interface RulesSearch extends ListSearch {
  make?: true;
}

export const rulesSearch = (search: Record<string, unknown>): RulesSearch => ({
  ...listSearch(search),
  ...((search.make === true || search.make === "true") && { make: true }),
});
