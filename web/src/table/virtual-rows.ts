import {
  defaultRangeExtractor,
  useVirtualizer,
  useWindowVirtualizer,
} from "@tanstack/react-virtual";
import { type RefObject, useCallback, useLayoutEffect, useState } from "react";

/** From how many rows on only those in view are drawn. */
export const virtualFrom = 60;

/** A stretch of the list as it is drawn: one row, or the room of rows that are not. */
export type Slice =
  | { readonly kind: "row"; readonly index: number }
  | { readonly kind: "room"; readonly key: string; readonly height: number };

const overscan = 6;

/** The rows to draw inside a box that scrolls. The row `kept` is drawn wherever it is: it has the focus. */
export function useVirtualRows(options: {
  box: RefObject<HTMLElement | null>;
  count: number;
  rowHeight: number;
  kept: number;
}): Slice[] {
  const { box, count, rowHeight, kept } = options;
  const isVirtual = count > virtualFrom;
  const virtualizer = useVirtualizer({
    count,
    enabled: isVirtual,
    getScrollElement: () => box.current,
    estimateSize: useCallback(() => rowHeight, [rowHeight]),
    overscan,
    rangeExtractor: useCallback(
      (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const indexes = defaultRangeExtractor(range);
        if (kept < 0 || kept >= count || indexes.includes(kept)) return indexes;
        return [...indexes, kept].sort((left, right) => left - right);
      },
      [kept, count],
    ),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height makes every measure stale
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  if (!isVirtual) return all(count);
  const drawn = virtualizer.getVirtualItems().map(({ index }) => index);
  return withRoom(drawn, count, rowHeight);
}

/** The same in a list that scrolls with the page. */
export function useVirtualPage(options: {
  list: RefObject<HTMLElement | null>;
  count: number;
  rowHeight: number;
}): Slice[] {
  const { list, count, rowHeight } = options;
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    if (list.current) setMargin(list.current.getBoundingClientRect().top + window.scrollY);
  }, [list]);
  const isVirtual = count > virtualFrom;
  const virtualizer = useWindowVirtualizer({
    count,
    enabled: isVirtual,
    estimateSize: () => rowHeight,
    overscan,
    scrollMargin: margin,
  });
  if (!isVirtual) return all(count);
  return withRoom(
    virtualizer.getVirtualItems().map(({ index }) => index),
    count,
    rowHeight,
  );
}

const all = (count: number): Slice[] =>
  Array.from({ length: count }, (_, index) => ({ kind: "row", index }));

/** The rows drawn, with room where some are left out. */
export function withRoom(drawn: readonly number[], count: number, rowHeight: number): Slice[] {
  const slices: Slice[] = [];
  let next = 0;
  const fill = (until: number) => {
    if (until > next) {
      slices.push({
        kind: "room",
        key: `room-${slices.length}`,
        height: (until - next) * rowHeight,
      });
    }
  };
  for (const index of drawn) {
    fill(index);
    slices.push({ kind: "row", index });
    next = index + 1;
  }
  fill(count);
  return slices;
}
