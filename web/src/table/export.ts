import type { ListState } from "@/filter/list-state";
import { boundsOf } from "@/filter/range";

export type ExportFormat = "csv" | "jsonl";

/** The most rows a server sends in one file. */
export const exportMost = 100_000;

/** The address of a list as a file: the same words, filter, sort and range as on the page. */
export function exportPath(
  path: string,
  state: Pick<ListState, "q" | "filter" | "sort" | "range">,
  format: ExportFormat,
  now: number,
  zone?: string,
): string {
  const query = new URLSearchParams();
  if (state.q !== "") query.set("q", state.q);
  if (state.filter !== "") query.set("filter", state.filter);
  if (state.sort !== undefined) query.set("sort", state.sort);
  if (state.range) {
    const { since, until } = boundsOf(state.range, now);
    query.set("since", since);
    if (until !== undefined) query.set("until", until);
  }
  query.set("format", format);
  if (zone !== undefined) query.set("tz", zone);
  return `${path}?${query}`;
}
