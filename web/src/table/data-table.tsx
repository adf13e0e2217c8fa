import { ListChecks } from "lucide-react";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { cn } from "@/components/class-names";
import { Button } from "@/components/ui/button";
import type { ListState } from "@/filter/list-state";
import { CardList } from "./card-list";
import type { Column, RowAction } from "./column";
import { ExportMenu, type ExportOffer, type FetchExport } from "./export-menu";
import { Footer } from "./footer";
import { useGrid } from "./grid";
import { GridView } from "./grid-view";
import { layoutShowing, shownOf, useLayout } from "./layout";
import { LayoutMenu } from "./layout-menu";
import { useIsNarrow } from "./media";
import { NoRows, type Nothing } from "./no-rows";
import type { Layout } from "./preferences";
import type { Rows } from "./rows";
import type { Selection } from "./selection";
import { SelectionBar } from "./selection-bar";
import { SortSelect } from "./sort-select";
import { useTableTexts } from "./texts";
import { useSelection } from "./use-selection";

export interface DataTableProps<Item extends object> {
  /** Stable: under it the layout is kept, and files are named after it. */
  name: string;
  /** What the rows are, for readers of the screen: "Calls". */
  label: string;
  columns: readonly Column<Item>[];
  rows: Rows<Item>;
  state: ListState;
  rowId: (item: Item) => string;
  /** What one row is called in the labels of its controls. */
  rowLabel: (item: Item) => string;
  /** `row`: a press opens the row in the address (`state.row`); otherwise it does this. Left out: rows do not open. */
  opens?: "row" | ((item: Item) => void);
  actions?: (item: Item) => readonly RowAction[];
  /** What can be done with the rows selected. Rows can be selected if it is there. */
  bulk?: (selection: Selection) => ReactNode;
  /** When there is nothing yet. */
  nothing: Nothing;
  /** When the list is switched off or refused: why. */
  unavailable?: Nothing;
  /** Rows that came in the meantime; they wait for a press, so that nothing moves under the pointer. */
  fresh?: { count: number; show: () => void };
  fetchExport?: FetchExport;
  /** Which files there are, where not all of them are. */
  exportOffer?: ExportOffer;
  /** At the left of the bar over the table. */
  toolbar?: ReactNode;
  /** Of the box that scrolls: its height, usually. */
  className?: string;
}

/** The one table of the console: every list is shown by it. On a narrow screen the same rows are cards instead. */
export function DataTable<Item extends object>(props: DataTableProps<Item>) {
  const { columns, rows, state, rowId, actions, bulk } = props;
  const t = useTableTexts();
  const isNarrow = useIsNarrow();
  const [isSelecting, setIsSelecting] = useState(false);
  const [saved, setLayout, resetLayout] = useLayout(props.name);
  const layout = useMemo(
    () => (state.columns ? layoutShowing(columns, saved, state.columns) : saved),
    [columns, saved, state.columns],
  );
  const changeLayout = (change: Layout) => {
    const next = { ...layout, ...change };
    setLayout(next);
    if (state.columns && (change.order || change.shown)) state.setColumns(shownOf(columns, next));
  };
  const { table, order, visible } = useGrid({
    columns,
    items: rows.items,
    rowId,
    layout,
    onWidths: (widths) => changeLayout({ widths }),
    isSelectable: bulk !== undefined,
  });
  const selection = useSelection(table, rows, `${state.q}\n${state.filter}\n${state.cursor ?? ""}`);
  const itemsById = useRef(new Map<string, Item>());
  itemsById.current = useMemo(
    () => new Map(rows.items.map((item) => [rowId(item), item])),
    [rows.items, rowId],
  );
  const open = useRef<(id: string) => void>(() => undefined);
  open.current = (id) => {
    const item = itemsById.current.get(id);
    if (props.opens === "row") state.setRow(id);
    else if (item) props.opens?.(item);
  };
  const isEmpty = rows.status !== "pending" && rows.items.length === 0;
  const shared = { ...props, open, isPressable: props.opens !== undefined, actions };

  return (
    <section aria-label={props.label} className="flex min-h-0 min-w-0 flex-col">
      {selection.count > 0 && bulk ? (
        <SelectionBar selection={selection} rows={rows}>
          {bulk(selection)}
        </SelectionBar>
      ) : (
        <div className="flex min-h-9 flex-wrap items-center gap-2 pb-1">
          {props.toolbar}
          {props.fresh && props.fresh.count > 0 && (
            <Button size="sm" onClick={props.fresh.show}>
              {t("fresh", { count: props.fresh.count })}
            </Button>
          )}
          <span className="flex-1" />
          {isNarrow && bulk && (
            <Button
              size="sm"
              aria-pressed={isSelecting}
              icon={<ListChecks aria-hidden="true" />}
              onClick={() => setIsSelecting(!isSelecting)}
            >
              {t("select_rows")}
            </Button>
          )}
          {isNarrow ? (
            <SortSelect columns={columns} sort={state.sort} onSort={state.setSort} />
          ) : (
            <LayoutMenu
              columns={columns}
              order={order}
              layout={layout}
              onChange={changeLayout}
              onReset={() => {
                resetLayout();
                state.setColumns(undefined);
              }}
            />
          )}
          <ExportMenu
            name={props.name}
            columns={visible}
            items={rows.items}
            approxTotal={rows.approxTotal}
            fetchExport={props.fetchExport}
            offer={props.exportOffer}
          />
        </div>
      )}
      {props.unavailable || isEmpty ? (
        <div className="rounded-panel border border-line bg-surface">
          <NoRows
            nothing={props.nothing}
            unavailable={props.unavailable}
            isFiltered={state.isFiltered}
            onClear={state.clear}
            error={rows.status === "error" ? rows.error : undefined}
            onRetry={rows.retry}
          />
        </div>
      ) : (
        <div
          className={cn(
            "min-h-0 overflow-hidden rounded-panel border border-line bg-surface",
            !isNarrow && "flex flex-col",
          )}
        >
          {isNarrow ? (
            <CardList
              {...shared}
              columns={visible}
              allColumns={columns}
              openRow={state.row}
              selection={bulk && (isSelecting || selection.count > 0) ? selection : undefined}
            />
          ) : (
            <GridView
              {...shared}
              table={table}
              columns={visible}
              order={order}
              layout={layout}
              onLayout={changeLayout}
              selection={bulk ? selection : undefined}
            />
          )}
          <Footer rows={rows} />
        </div>
      )}
    </section>
  );
}
