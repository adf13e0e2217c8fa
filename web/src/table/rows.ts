/** The rows of a list, wherever they come from. */
export interface Rows<Item> {
  readonly items: readonly Item[];
  /** `pending`: nothing has come yet; `error`: the last try failed, `items` may still hold what came before. */
  readonly status: "pending" | "error" | "success";
  readonly error?: unknown;
  /** Asked again; `items` are those from before. */
  readonly isRefreshing: boolean;
  /** How many match, roughly. */
  readonly approxTotal?: number;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  loadMore(): void;
  retry(): void;
  /** Where the list does not begin with the first row: goes there. */
  readonly toFirst?: () => void;
}

/** Rows that are all there, as a page gets them in one answer. */
export function allRows<Item>(items: readonly Item[]): Rows<Item> {
  return {
    items,
    status: "success",
    isRefreshing: false,
    approxTotal: items.length,
    hasMore: false,
    isLoadingMore: false,
    loadMore: () => undefined,
    retry: () => undefined,
  };
}

/** The rows before and after one, for a panel that walks the list with J and K. */
export function neighboursOf<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  id: string | undefined,
): { previous?: string; next?: string } {
  const at = id === undefined ? -1 : items.findIndex((item) => idOf(item) === id);
  if (at < 0) return {};
  const previous = items[at - 1];
  const next = items[at + 1];
  return {
    ...(previous !== undefined && { previous: idOf(previous) }),
    ...(next !== undefined && { next: idOf(next) }),
  };
}
