import { useContext, useEffect, useRef, useState } from "react";

import type { Column } from "./column";
import { type Layout, LayoutStoreContext } from "./preferences";

type Known = Pick<Column<never>, "id" | "hidden">;

/** All columns in the order of the layout; those it does not name come after the one they usually follow. */
export function orderOf(columns: readonly Known[], order: readonly string[] = []): string[] {
  const known = new Set(columns.map(({ id }) => id));
  const result = order.filter((id, at) => known.has(id) && order.indexOf(id) === at);
  columns.forEach(({ id }, at) => {
    if (result.includes(id)) return;
    const before = columns[at - 1];
    result.splice(before ? result.indexOf(before.id) + 1 : 0, 0, id);
  });
  return result;
}

/** Which columns are shown. The first in the order always is: it names the row. */
export function shownOf(columns: readonly Known[], layout: Layout): string[] {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const order = orderOf(columns, layout.order);
  return order.filter((id, at) => at === 0 || (layout.shown?.[id] ?? !byId.get(id)?.hidden));
}

/** The layout that shows exactly these columns in this order: what an address may ask for. */
export function layoutShowing(
  columns: readonly Known[],
  layout: Layout,
  ids: readonly string[],
): Layout {
  const wanted = ids.filter((id) => columns.some((column) => column.id === id));
  if (wanted.length === 0) return layout;
  return {
    ...layout,
    order: orderOf(columns, [
      ...wanted,
      ...orderOf(columns, layout.order).filter((id) => !wanted.includes(id)),
    ]),
    shown: Object.fromEntries(columns.map(({ id }) => [id, wanted.includes(id)])),
  };
}

/** The order with a column moved by some places; the ends hold it. */
export function movedBy(order: readonly string[], id: string, by: number): string[] {
  const from = order.indexOf(id);
  if (from < 0) return [...order];
  const rest = order.filter((one) => one !== id);
  rest.splice(Math.min(rest.length, Math.max(0, from + by)), 0, id);
  return rest;
}

const saveAfterMs = 400;

/** The layout of a table: read once, saved a little after each change and when the page goes. */
export function useLayout(table: string): [Layout, (change: Layout) => void, () => void] {
  const store = useContext(LayoutStoreContext);
  const [layout, setLayout] = useState(() => store.read(table));
  const unsaved = useRef<Layout | undefined>(undefined);
  useEffect(() => {
    const save = () => {
      if (unsaved.current) store.write(table, unsaved.current);
      unsaved.current = undefined;
    };
    window.addEventListener("pagehide", save);
    return () => {
      window.removeEventListener("pagehide", save);
      save();
    };
  }, [store, table]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  function put(next: Layout) {
    setLayout(next);
    unsaved.current = next;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (unsaved.current) store.write(table, unsaved.current);
      unsaved.current = undefined;
    }, saveAfterMs);
  }
  return [layout, (change) => put({ ...layout, ...change }), () => put({})];
}
