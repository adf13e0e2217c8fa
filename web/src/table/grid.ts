import {
  type ColumnDef,
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  functionalUpdate,
  rowSelectionFeature,
  tableFeatures,
  type Updater,
  useTable,
} from "@tanstack/react-table";
import { useMemo } from "react";

import type { Column } from "./column";
import { orderOf, shownOf } from "./layout";
import { type Layout, narrowest, widest } from "./preferences";

const features = tableFeatures({
  columnOrderingFeature,
  columnVisibilityFeature,
  columnSizingFeature,
  columnResizingFeature,
  rowSelectionFeature,
});

/** The width of a column that says nothing of its own. */
const usualWidth = 140;

/** The widths of columns and the selection of rows; nothing else of the application knows the library. */
export function useGrid<Item extends object>(options: {
  columns: readonly Column<Item>[];
  items: readonly Item[];
  rowId: (item: Item) => string;
  layout: Layout;
  onWidths: (widths: Record<string, number>) => void;
  isSelectable: boolean;
}) {
  const { columns, items, rowId, layout, onWidths, isSelectable } = options;
  const definitions = useMemo(
    () =>
      columns.map(
        ({ id, header, width }): ColumnDef<typeof features, Item> => ({
          id,
          header,
          size: width ?? usualWidth,
          minSize: narrowest,
          maxSize: widest,
        }),
      ),
    [columns],
  );
  const order = useMemo(() => orderOf(columns, layout.order), [columns, layout.order]);
  const shown = useMemo(() => shownOf(columns, layout), [columns, layout]);
  const visibility = useMemo(
    () => Object.fromEntries(order.map((id) => [id, shown.includes(id)])),
    [order, shown],
  );
  const widths = layout.widths ?? noWidths;
  const table = useTable<typeof features, Item>({
    features,
    columns: definitions,
    data: items as Item[],
    getRowId: rowId,
    state: { columnOrder: order, columnVisibility: visibility, columnSizing: widths },
    onColumnSizingChange: (change: Updater<Record<string, number>>) =>
      onWidths({ ...functionalUpdate(change, widths) }),
    columnResizeMode: "onChange",
    enableRowSelection: isSelectable,
  });
  const visible = useMemo(() => {
    const byId = new Map(columns.map((column) => [column.id, column]));
    return shown.flatMap((id) => byId.get(id) ?? []);
  }, [columns, shown]);
  return { table, order, visible };
}

export type Grid<Item extends object> = ReturnType<typeof useGrid<Item>>["table"];

const noWidths: Record<string, number> = {};
