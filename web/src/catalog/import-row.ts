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
  /** Whether the price that is there is pinned: it is replaced only when somebody ticks it. */
  pinned: boolean;
  /** What of the price that is offered is left out: English, for what has no code here. */
  note?: string;
  note_code?: ImportNote;
}

export const importNotes = ["priority_uneven", "priority_long"] as const;
export type ImportNote = (typeof importNotes)[number];

export interface ImportReport {
  format: "realms" | "realms_v0" | "litellm";
  rows: ImportRow[];
  /** Given back, it has the import refused when the list or a price here is another by now. */
  tag: string;
  applied: boolean;
}

/** Whether there is something to write. */
export const canTake = ({ state }: ImportRow) => state === "added" || state === "changed";

/** Whether it is ticked along with others: a pinned price is ticked by itself. */
export const canTakeAlong = (row: ImportRow) => canTake(row) && !row.pinned;

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
