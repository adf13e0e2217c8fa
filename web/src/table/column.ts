import type { ReactNode } from "react";

/** Pixels that a day with its time takes in either language; Chinese needs the most. */
export const timeWidth = 190;

/** A column of a list. Texts are already in the language of the reader. */
export interface Column<Item> {
  /** Stable: the name in addresses, preferences and, where it can be sorted by, in `sort`. */
  readonly id: string;
  readonly header: string;
  /** What the header's word means, as a tooltip. */
  readonly help?: string;
  /** What a cell shows: one line, cut off where it does not fit. */
  readonly cell: (item: Item) => ReactNode;
  /** The same as plain text, for copies of the rows and as the full text of a cut-off cell. */
  readonly text?: (item: Item) => string;
  /** Pixels, until someone resizes it. */
  readonly width?: number;
  /** Takes what width is left. The first column does where none says so. */
  readonly grows?: boolean;
  /** Names of people, keys or addresses: unreadable under the privacy mask. */
  readonly isPrivate?: boolean;
  /** Figures stand at the end. */
  readonly align?: "end";
  /** The direction of the first press on the header; left out where the server cannot sort by it. */
  readonly sort?: "asc" | "desc";
  /** Not shown until someone asks for it. */
  readonly hidden?: boolean;
  /** Its place on the card of a narrow screen: one title, one badge, up to two figures. */
  readonly card?: "title" | "badge" | "figure";
}

/** A thing to do with one row. */
export interface RowAction {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  /** A key that does it while the row has the focus: `e`. */
  readonly keys?: string;
  readonly danger?: boolean;
  /** Why it cannot be done now. */
  readonly disabledReason?: string;
  readonly run: () => void;
}

/** The direction a list is sorted by a column, if it is. `sort` is `cost` or `-cost`. */
export function directionOf(sort: string | undefined, id: string): "asc" | "desc" | undefined {
  if (sort === id) return "asc";
  return sort === `-${id}` ? "desc" : undefined;
}

/** What a press on a header sorts by next. */
export function nextSort(sort: string | undefined, column: Pick<Column<never>, "id" | "sort">) {
  const now = directionOf(sort, column.id);
  const next = now === undefined ? column.sort : now === "asc" ? "desc" : "asc";
  return next === "desc" ? `-${column.id}` : column.id;
}
