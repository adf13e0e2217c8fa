/** What a route keeps of its address. On its own, because every route checks its address before its page is there. */

/** A list in the address of its page, under short names that stay: `?q=…&f=status:429&s=-cost&t=7d&row=…`. */
export interface ListSearch {
  /** Free words. */
  q?: string;
  /** Terms of the filter grammar. */
  f?: string;
  /** A column, `-` before it for descending. */
  s?: string;
  /** The cursor of a page that is not the first. */
  at?: string;
  /** The range of time. */
  t?: string;
  /** The columns shown, in their order, with commas between. */
  cols?: string;
  /** The row that is open. */
  row?: string;
}

const names = ["q", "f", "s", "at", "t", "cols", "row"] as const;

/** For `validateSearch` of a route: keeps what a list knows, as text, and drops what is empty. */
export function listSearch(search: Record<string, unknown>): ListSearch {
  const kept: ListSearch = {};
  for (const name of names) {
    const value = search[name];
    const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
    if (typeof text === "string" && text !== "") kept[name] = text;
  }
  return kept;
}
