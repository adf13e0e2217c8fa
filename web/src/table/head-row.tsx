import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { type DragEvent, type KeyboardEvent, useRef } from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { Checkbox } from "@/components/ui/checkbox";
import { type Column, directionOf, nextSort } from "./column";
import type { Grid } from "./grid";
import { narrowest, widest } from "./preferences";
import { endEdge, startEdge } from "./sticky";

interface Props<Item extends object> {
  grid: Grid<Item>;
  columns: readonly Column<Item>[];
  sort: string | undefined;
  onSort: ((sort: string) => void) | undefined;
  isSelectable: boolean;
  hasActions: boolean;
  onWidth: (id: string, width: number) => void;
  onDrop: (id: string, before: string) => void;
}

const dragType = "application/x-realms-column";

/** The names of the columns: press to sort, drag to reorder, drag an edge to resize. */
export function HeadRow<Item extends object>(props: Props<Item>) {
  const { t } = useTranslation("table");
  const { grid, columns, isSelectable, hasActions } = props;
  return (
    <thead className="sticky top-0 z-2">
      <tr aria-rowindex={1} className="h-9">
        {isSelectable && (
          <th
            scope="col"
            className="sticky left-0 z-3 border-line border-b bg-surface-2 px-3 align-middle"
          >
            <span className="flex">
              <Checkbox
                aria-label={t("select_loaded")}
                checked={grid.getIsAllRowsSelected()}
                indeterminate={!grid.getIsAllRowsSelected() && grid.getIsSomeRowsSelected()}
                onChange={(event) => grid.toggleAllRowsSelected(event.currentTarget.checked)}
              />
            </span>
          </th>
        )}
        {columns.map((column, at) => (
          <HeadCell key={column.id} {...props} column={column} isFirst={at === 0} />
        ))}
        {hasActions && (
          <th
            scope="col"
            className={cn(
              "sticky right-0 z-2 border-line border-b bg-surface-2 px-2 text-right",
              endEdge,
            )}
          >
            <span className="sr-only">{t("actions")}</span>
          </th>
        )}
      </tr>
    </thead>
  );
}

function HeadCell<Item extends object>(
  props: Props<Item> & { column: Column<Item>; isFirst: boolean },
) {
  const { column, isFirst, isSelectable, sort, onSort } = props;
  const direction = directionOf(sort, column.id);
  const isSortable = column.sort !== undefined && onSort !== undefined;
  const cell = useRef<HTMLTableCellElement>(null);
  const words = (
    // biome-ignore lint/a11y/noStaticElementInteractions: the menu of the view moves columns without a pointer
    <span
      draggable
      onDragStart={(event) => event.dataTransfer.setData(dragType, column.id)}
      className="truncate"
    >
      {column.header}
    </span>
  );
  const accept = (event: DragEvent) => {
    if (event.dataTransfer.types.includes(dragType)) event.preventDefault();
  };
  return (
    <th
      ref={cell}
      scope="col"
      aria-label={column.header}
      title={column.help}
      aria-sort={direction && (direction === "asc" ? "ascending" : "descending")}
      onDragOver={accept}
      onDrop={(event) => props.onDrop(event.dataTransfer.getData(dragType), column.id)}
      className={cn(
        "group/head relative border-line border-b bg-surface-2 px-3 text-left font-medium text-fg-2 text-xs",
        column.align === "end" && "text-right",
        isFirst && "sticky z-3",
        isFirst && (isSelectable ? "left-10" : "left-0"),
        isFirst && startEdge,
      )}
    >
      {isSortable ? (
        <button
          type="button"
          onClick={() => onSort(nextSort(sort, column))}
          className={cn(
            "-mx-1.5 inline-flex min-h-6 max-w-[calc(100%+0.75rem)] items-center gap-1 rounded-badge px-1.5 hover:bg-surface-3 hover:text-fg",
            column.align === "end" && "flex-row-reverse",
            direction && "text-fg",
          )}
        >
          {words}
          <SortMark direction={direction} />
        </button>
      ) : (
        <span className={cn("flex max-w-full", column.align === "end" && "justify-end")}>
          {words}
        </span>
      )}
      <ResizeHandle {...props} cell={cell} />
    </th>
  );
}

function SortMark({ direction }: { direction: "asc" | "desc" | undefined }) {
  const look = "size-3.5 shrink-0 stroke-[1.5]";
  if (direction === "asc") return <ArrowUp aria-hidden="true" className={look} />;
  if (direction === "desc") return <ArrowDown aria-hidden="true" className={look} />;
  return (
    <ChevronsUpDown
      aria-hidden="true"
      className={cn(
        look,
        "opacity-0 group-hover/head:opacity-60 group-focus-within/head:opacity-60",
      )}
    />
  );
}

const step = 16;

/** The edge of a column: drag it, or press the arrow keys; a double press gives the usual width back. */
function ResizeHandle<Item extends object>(
  props: Props<Item> & {
    column: Column<Item>;
    cell: { readonly current: HTMLTableCellElement | null };
  },
) {
  const { t } = useTranslation("table");
  const { grid, column, onWidth, cell } = props;
  const header = grid.getFlatHeaders().find((one) => one.column.id === column.id);
  if (!header) return null;
  const drawn = () => cell.current?.offsetWidth || header.getSize();
  const startDrag = header.getResizeHandler();
  const start = (event: unknown) => {
    // What takes the room that is left is drawn wider than its size says: begin with what is seen.
    onWidth(column.id, drawn());
    startDrag(event);
  };
  function onKeyDown(event: KeyboardEvent) {
    const by = { ArrowLeft: -step, ArrowRight: step }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onWidth(column.id, Math.min(widest, Math.max(narrowest, drawn() + by)));
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved; this edge can
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t("resize", { column: column.header })}
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      aria-valuenow={Math.round(header.getSize())}
      onMouseDown={start}
      onTouchStart={start}
      onDoubleClick={() => header.column.resetSize()}
      onKeyDown={onKeyDown}
      className="absolute inset-y-0 right-0 w-3 cursor-col-resize touch-none select-none after:absolute after:inset-y-2 after:right-0 after:w-px after:bg-line hover:after:inset-y-0 hover:after:w-0.5 hover:after:bg-ring focus-visible:-outline-offset-2 active:after:inset-y-0 active:after:w-0.5 active:after:bg-ring"
    />
  );
}
