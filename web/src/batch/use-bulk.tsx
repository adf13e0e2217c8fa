import { type ReactNode, useState } from "react";

import type { Selection } from "@/table/selection";
import type { Act, Subject } from "./batch";
import { BatchSheet } from "./batch-sheet";
import { BulkBar } from "./bulk-bar";

export interface Asked {
  act: Act;
  /** Finds what is meant: the rows selected, or all that match. */
  ids: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Roughly how many. */
  count: number;
  clear: () => void;
}

/**
 * Acts on the rows selected in a table: `bar` goes into its `bulk`, `sheet` beside it. The sheet outlives the
 * selection, which ends as soon as something is done.
 */
export function useBulk(options: {
  subject: Subject;
  acts: readonly Act[];
  /** The ids of all that match the list as it is filtered now. */
  allIds: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Asks for everything anew that shows what was changed. */
  refresh: () => Promise<unknown>;
}): { bar: (selection: Selection) => ReactNode; sheet: ReactNode } {
  const { subject, acts, allIds, refresh } = options;
  const [asked, setAsked] = useState<Asked>();
  const bar = (selection: Selection) => (
    <BulkBar
      acts={acts}
      onAct={(act) =>
        setAsked({
          act,
          ids: selection.isAllMatching ? allIds : () => Promise.resolve(selection.ids),
          count: selection.count,
          clear: selection.clear,
        })
      }
    />
  );
  const sheet = (
    <BatchSheet
      subject={subject}
      asked={asked}
      onClose={() => setAsked(undefined)}
      refresh={refresh}
    />
  );
  return { bar, sheet };
}
