/** Which rows are selected: some by their ids, or all that match, also those not loaded. */
export interface Selection {
  readonly ids: readonly string[];
  readonly isAllMatching: boolean;
  /** How many; roughly, if all that match. */
  readonly count: number;
  clear(): void;
}
