import { useEffect, useState } from "react";

import type { Grid } from "./grid";
import type { Rows } from "./rows";
import type { Selection } from "./selection";

export interface SelectionControl extends Selection {
  /** Selects or not; a range reaches from the row touched before. */
  select(id: string, isSelected: boolean, isRange: boolean): void;
  selectAllMatching(): void;
}

/** The selection of a table. It ends when the rows become others: `of` says which rows it was made of. */
export function useSelection<Item extends object>(
  grid: Grid<Item>,
  rows: Rows<Item>,
  of: string,
): SelectionControl {
  const [isAll, setIsAll] = useState(false);
  const selected = grid.state.rowSelection;
  const ids = Object.keys(selected);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows, no selection
  useEffect(() => {
    grid.resetRowSelection(true);
    setIsAll(false);
  }, [of]);
  const isAllMatching = isAll && ids.length > 0;
  return {
    ids,
    isAllMatching,
    count: isAllMatching ? Math.max(ids.length, rows.approxTotal ?? 0) : ids.length,
    clear: () => {
      grid.resetRowSelection(true);
      setIsAll(false);
    },
    select: (id, isSelected, isRange) => {
      setIsAll(false);
      const row = grid.getRow(id);
      row.getToggleSelectedHandler()({ target: { checked: isSelected }, shiftKey: isRange });
    },
    selectAllMatching: () => {
      grid.toggleAllRowsSelected(true);
      setIsAll(true);
    },
  };
}
