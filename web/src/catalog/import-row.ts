/** What an import would do, or did, as the server tells it. */

export interface ImportPrice {
  input_usd: string;
  output_usd: string;
  cache_read_usd?: string;
  cache_write_5m_usd?: string;
  cache_write_1h_usd?: string;
}

export const importStates = ["changed", "added", "unchanged", "failed"] as const;
export type ImportState = (typeof importStates)[number];

export interface ImportRow {
  model: string;
  state: ImportState;
  before?: ImportPrice;
  after?: ImportPrice;
  /** English, for what has no code here. */
  reason?: string;
  reason_code?: string;
  /** How many times what it was, when that is more than 10 or less than a tenth. */
  factor?: number;
  /** Whether it was written; in a rehearsal, whether the server would unless told otherwise. */
  written: boolean;
}

export interface ImportReport {
  format: "realms" | "litellm";
  rows: ImportRow[];
  applied: boolean;
}

/** Whether there is something to write. */
export const canTake = ({ state }: ImportRow) => state === "added" || state === "changed";

/** The rows of one state, or of all, whose model has every word. */
export function shownOf(
  rows: readonly ImportRow[],
  state: ImportState | "all",
  q: string,
): ImportRow[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    (row) =>
      (state === "all" || row.state === state) &&
      words.every((word) => row.model.toLowerCase().includes(word)),
  );
}

export function countsOf(rows: readonly ImportRow[]): Record<ImportState, number> {
  const counts = { changed: 0, added: 0, unchanged: 0, failed: 0 };
  for (const { state } of rows) counts[state] += 1;
  return counts;
}
