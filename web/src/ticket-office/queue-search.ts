/** The address of the queue: its list, and whether the canned replies are open beside it. */
import { type ListSearch, listSearch } from "@/filter/list-search";

export interface QueueSearch extends ListSearch {
  canned?: true;
}

export const queueSearch = (search: Record<string, unknown>): QueueSearch => ({
  ...listSearch(search),
  ...((search.canned === true || search.canned === "true") && { canned: true }),
});
