import { type ReactNode, useState } from "react";

import type { BatchOutcome } from "@/api/types";
import type { Selection } from "@/table/selection";
import type { Act, Subject } from "./batch";
import { BatchSheet } from "./batch-sheet";
import { BulkBar } from "./bulk-bar";

/** What rows an act is about. */
export interface Meant {
  /** Finds what is meant: the rows selected, or all that match. */
  ids: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Roughly how many. */
  count: number;
  clear: () => void;
}

export interface Asked extends Meant {
  act: Act;
  /** Told of what was done where all of it was, instead of a toast: where a panel stays open over the page. */
  onDone?: (outcome: BatchOutcome) => void;
}

/** What rows of a list are meant, for what needs more of them than their ids. */
export interface Chosen extends Meant {
  /** The ids selected, unless `isAll` that match are meant. */
  selected: readonly string[];
  isAll: boolean;
}

/** Something else that can be done with the rows selected. */
export interface OtherAct {
  id: string;
  label: string;
  icon: ReactNode;
  run: (chosen: Chosen) => void;
}

/**
 * Acts on the rows selected in a table: `bar` goes into its `bulk`, `sheet` beside it. The sheet outlives the
 * selection, which ends as soon as something is done.
 */
export function useBulk(options: {
  subject: Subject;
  acts: readonly Act[];
  /** What else can be done, after those. */
  others?: readonly OtherAct[];
  /** The ids of all that match the list as it is filtered now. */
  allIds: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Asks for everything anew that shows what was changed. */
  refresh: () => Promise<unknown>;
}): {
  bar: (selection: Selection) => ReactNode;
  sheet: ReactNode;
  /** Asks for an act on others than the rows selected. */
  ask: (asked: Asked) => void;
} {
  const { subject, acts, others = [], allIds, refresh } = options;
  const [asked, setAsked] = useState<Asked>();
  const meant = (selection: Selection): Chosen => ({
    selected: selection.ids,
    isAll: selection.isAllMatching,
    ids: selection.isAllMatching ? allIds : () => Promise.resolve(selection.ids),
    count: selection.count,
    clear: selection.clear,
  });
  const bar = (selection: Selection) => (
    <BulkBar
      acts={acts}
      onAct={(act) => setAsked({ act, ...meant(selection) })}
      others={others.map((one) => ({ ...one, run: () => one.run(meant(selection)) }))}
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
  return { bar, sheet, ask: setAsked };
}
