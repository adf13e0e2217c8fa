import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";

import { type Line, parseLine, printTerms, type Term } from "./grammar";
import { type ListSearch, listSearch } from "./list-search";
import { parseRange, printRange, type Range } from "./range";
import { type View, viewIn } from "./views";

/** What a list shows, and what changes it. Whatever changes the rows goes back to the first page and closes the open row. */
export interface ListState {
  readonly q: string;
  readonly terms: readonly Term[];
  /** The terms as the server wants them in `filter`. */
  readonly filter: string;
  readonly sort: string | undefined;
  readonly cursor: string | undefined;
  readonly range: Range | undefined;
  readonly columns: readonly string[] | undefined;
  readonly row: string | undefined;
  /** All of it that can be kept under a name. */
  readonly view: View;
  /** Whether words or terms narrow the list. */
  readonly isFiltered: boolean;
  setQ(q: string): void;
  setTerms(terms: readonly Term[]): void;
  /** Words and terms at once: one step back undoes both. */
  setLine(line: Line): void;
  setSort(sort: string | undefined): void;
  setCursor(cursor: string | undefined): void;
  setRange(range: Range): void;
  setColumns(columns: readonly string[] | undefined): void;
  setRow(row: string | undefined): void;
  /** Everything as it is in a view. */
  setView(view: View): void;
  /** No words, no terms; sort, range and columns stay. */
  clear(): void;
}

/** What holds when the address does not say. It is left out of the address. */
export interface ListDefaults {
  readonly sort?: string;
  readonly range?: Range;
}

type Change = Partial<Record<keyof ListSearch, string | undefined>>;
/** `replace`: no step of its own in the history. */
type Write = (change: Change, how?: { replace?: boolean }) => void;

const firstPage: Change = { at: undefined, row: undefined };

/** The state of a list out of what the address says, and a way to write there. */
export function listStateOf(
  search: ListSearch,
  write: Write,
  defaults: ListDefaults = {},
): ListState {
  const { terms } = parseLine(search.f ?? "");
  const sort = search.s ?? defaults.sort;
  const range = (search.t === undefined ? undefined : parseRange(search.t)) ?? defaults.range;
  return {
    q: search.q ?? "",
    terms,
    filter: printTerms(terms),
    sort,
    cursor: search.at,
    range,
    columns: search.cols?.split(",").filter(Boolean),
    row: search.row,
    view: viewIn(search),
    isFiltered: terms.length > 0 || (search.q ?? "") !== "",
    setQ: (q) => write({ ...firstPage, q }, { replace: true }),
    setTerms: (next) => write({ ...firstPage, f: printTerms(next) }),
    setLine: (line) => write({ ...firstPage, q: line.words, f: printTerms(line.terms) }),
    setSort: (next) => write({ ...firstPage, s: next === defaults.sort ? undefined : next }),
    setCursor: (at) => write({ at, row: undefined }),
    setRange: (next) => {
      const isDefault = defaults.range && printRange(defaults.range) === printRange(next);
      write({ ...firstPage, t: isDefault ? undefined : printRange(next) });
    },
    setColumns: (columns) => write({ cols: columns?.join(",") }, { replace: true }),
    // Opening is a step, so that Back closes; going from one open row to the next is none.
    setRow: (row) => write({ row }, { replace: row !== undefined && search.row !== undefined }),
    setView: ({ q, f, s, t, cols }) => write({ ...firstPage, q, f, s, t, cols }),
    clear: () => write({ ...firstPage, q: undefined, f: undefined }),
  };
}

/** The search with a change; what is empty is left out of it. */
export function changed(search: Record<string, unknown>, change: Change): Record<string, unknown> {
  const next = { ...search };
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === "") delete next[name];
    else next[name] = value;
  }
  return next;
}

/** The list of this page, kept in the address: it survives a reload and can be shared. */
export function useListState(defaults?: ListDefaults): ListState {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const { q, f, s, at, t, cols, row } = listSearch(search);
  // The parts, not the whole: a fresh object with the same texts is the same state.
  // biome-ignore lint/correctness/useExhaustiveDependencies: defaults are compared by what they say
  return useMemo(() => {
    const parts = listSearch({ q, f, s, at, t, cols, row });
    const write: Write = (change, how) => {
      void navigate({
        to: ".",
        search: ((now: Record<string, unknown>) => changed(now, change)) as never,
        replace: how?.replace ?? false,
        resetScroll: false,
      });
    };
    return listStateOf(parts, write, defaults);
  }, [
    q,
    f,
    s,
    at,
    t,
    cols,
    row,
    navigate,
    defaults?.sort,
    defaults?.range && printRange(defaults.range),
  ]);
}

/** A list that is not the page's own, inside a panel: its state goes when the panel closes. */
export function useLocalListState(defaults?: ListDefaults, first: ListSearch = {}): ListState {
  const [search, setSearch] = useState<ListSearch>(first);
  return listStateOf(
    search,
    (change) => setSearch((now) => changed({ ...now }, change) as ListSearch),
    defaults,
  );
}
