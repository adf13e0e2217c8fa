import {
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { Skeleton } from "@/components/ui/skeleton";
import { BodyRow } from "./body-row";
import type { Column, RowAction } from "./column";
import { fitted, useInnerWidth } from "./fit";
import type { Grid } from "./grid";
import { HeadRow } from "./head-row";
import { isTyping, rowCommand } from "./keyboard";
import { movedBy } from "./layout";
import { type Layout, rowHeights } from "./preferences";
import type { Rows } from "./rows";
import { useHeld } from "./use-held";
import type { SelectionControl } from "./use-selection";
import { useVirtualRows } from "./virtual-rows";

interface Props<Item extends object> {
  label: string;
  table: Grid<Item>;
  columns: readonly Column<Item>[];
  /** All columns, also those not shown. */
  order: readonly string[];
  layout: Layout;
  onLayout: (change: Layout) => void;
  rows: Rows<Item>;
  state: { sort: string | undefined; row: string | undefined; setSort: (sort: string) => void };
  rowId: (item: Item) => string;
  rowLabel: (item: Item) => string;
  open: RefObject<(id: string) => void>;
  isPressable: boolean;
  actions: ((item: Item) => readonly RowAction[]) | undefined;
  selection: SelectionControl | undefined;
  className?: string;
}

const headHeight = 36;
const selectWidth = 40;
/** Old rows are dimmed when new ones take longer than this, in milliseconds. */
const dimAfterMs = 400;
/** So close to the end, in pixels, more rows are asked for. */
const nearEnd = 400;
const skeletonRows = ["a", "b", "c", "d", "e", "f", "g", "h"];

/** The rows as a table that scrolls in its own box. */
export function GridView<Item extends object>(props: Props<Item>) {
  const { t } = useTranslation("table");
  const { table, columns, layout, onLayout, rows, rowId, selection, actions, state } = props;
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const [menu, setMenu] = useState<string | undefined>(undefined);
  const wanted = useRef<number | undefined>(undefined);
  const count = rows.items.length;
  const at = Math.min(active, count - 1);
  const height = rowHeights[layout.density ?? "default"];
  const slices = useVirtualRows({ box, count, rowHeight: height, kept: at });
  const room = useInnerWidth(box);
  const isDim = useHeld(rows.isRefreshing, dimAfterMs);

  useLayoutEffect(() => {
    const index = wanted.current;
    const element = box.current;
    if (index === undefined || !element) return;
    wanted.current = undefined;
    const top = index * height;
    const bottom = top + height + headHeight - element.clientHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop) element.scrollTop = bottom;
    element.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus({ preventScroll: true });
  });

  /** Sticky columns have an edge only where something lies under them. */
  function markEdges() {
    const element = box.current;
    if (!element) return;
    const { scrollLeft, scrollWidth, clientWidth } = element;
    element.toggleAttribute("data-under-start", scrollLeft > 0);
    element.toggleAttribute("data-under-end", scrollLeft + clientWidth < scrollWidth - 1);
  }
  useLayoutEffect(markEdges);

  function loadNearEnd() {
    const element = box.current;
    if (!element || !rows.hasMore || rows.isLoadingMore || rows.status === "error") return;
    if (element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd) rows.loadMore();
  }

  const control = useRef(selection);
  useEffect(() => {
    control.current = selection;
  });
  const onSelect = useCallback((id: string, isSelected: boolean, isRange: boolean) => {
    control.current?.select(id, isSelected, isRange);
  }, []);
  const onPress = useCallback((id: string) => props.open.current(id), [props.open]);
  const onMenu = useCallback((id: string, isOpen: boolean) => setMenu(isOpen ? id : undefined), []);

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const row = (event.target as Element).closest<HTMLElement>("[data-row]");
    if (!row || !box.current?.contains(row) || isTyping(event.target)) return;
    const index = Number(row.dataset.row);
    const item = rows.items[index];
    const command = rowCommand(event, index, count, event.target === row);
    if (!item || !command) return;
    const id = rowId(item);
    const isSelected = selection?.ids.includes(id) ?? false;
    if (command.kind === "other") {
      const action = actions?.(item).find(({ keys }) => keys === command.key);
      if (!action || action.disabledReason !== undefined) return;
      action.run();
    } else if (command.kind === "go") {
      const target = rows.items[command.to];
      if (command.isRange && selection && target) {
        if (!isSelected) selection.select(id, true, false);
        selection.select(rowId(target), true, true);
      }
      wanted.current = command.to;
      setActive(command.to);
    } else if (command.kind === "open") {
      if (props.isPressable) props.open.current(id);
    } else if (command.kind === "select") {
      selection?.select(id, !isSelected, event.shiftKey);
    } else if (command.kind === "menu") {
      if (actions) setMenu(id);
    } else {
      if (!selection || selection.count === 0) return;
      selection.clear();
    }
    event.preventDefault();
    event.stopPropagation();
  }

  const grown = growing(columns, layout);
  const actionsWidth = actions ? widthOfActions(rows.items[0], actions) : 0;
  const besides = (selection ? selectWidth : 0) + actionsWidth;
  const ends = new Map(columns.map(({ id, align }) => [id, align]));
  const widths = fitted(
    new Map(columns.map(({ id }) => [id, table.getColumn(id)?.getSize() ?? 0])),
    // A figure that is cut off is a wrong one: its column gives nothing.
    (id) => layout.widths?.[id] === undefined && ends.get(id) !== "end",
    room - besides,
  );
  const total = [...widths.values()].reduce((sum, width) => sum + width, besides);
  const rowCount = rows.approxTotal ?? (rows.hasMore ? undefined : count);
  const span = columns.length + (selection ? 1 : 0) + (actions ? 1 : 0);
  const selected = new Set(selection?.ids);

  return (
    <div
      ref={box}
      onScroll={() => {
        markEdges();
        loadNearEnd();
      }}
      className={cn(
        "group/box relative min-h-0 overflow-auto overscroll-x-contain",
        props.className ?? "max-h-[max(24rem,calc(100dvh-15rem))]",
      )}
    >
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows are walked, opened and selected
        role="grid"
        aria-label={props.label}
        aria-rowcount={rowCount === undefined ? -1 : Math.max(rowCount, count) + 1}
        aria-multiselectable={selection ? true : undefined}
        aria-busy={rows.status === "pending" || rows.isRefreshing}
        onKeyDown={onKeyDown}
        width={total}
        className={cn(
          "min-w-full table-fixed border-separate border-spacing-0 text-sm transition-opacity",
          isDim && "opacity-70",
        )}
      >
        <colgroup>
          {selection && <col width={selectWidth} />}
          {columns.map(({ id }) => (
            <col key={id} {...(id !== grown && { width: widths.get(id) })} />
          ))}
          {actions && <col width={actionsWidth} />}
        </colgroup>
        <HeadRow
          grid={table}
          columns={columns}
          sort={state.sort}
          onSort={state.setSort}
          isSelectable={selection !== undefined}
          hasActions={actions !== undefined}
          onWidth={(id, width) => onLayout({ widths: { ...layout.widths, [id]: width } })}
          onDrop={(id, before) => {
            const by = props.order.indexOf(before) - props.order.indexOf(id);
            if (props.order.includes(id)) onLayout({ order: movedBy(props.order, id, by) });
          }}
        />
        <tbody>
          {rows.status === "pending" &&
            skeletonRows.map((key) => (
              <tr key={key} className="h-9">
                {selection && <td className="border-line border-b" />}
                {columns.map(({ id }) => (
                  <td key={id} className="border-line border-b px-3">
                    <Skeleton className="h-4 w-2/3" />
                  </td>
                ))}
                {actions && <td className="border-line border-b" />}
              </tr>
            ))}
          {slices.map((slice) => {
            if (slice.kind === "room") {
              return (
                // biome-ignore lint/a11y/noAriaHiddenOnFocusable: room between rows, which nothing can focus
                <tr key={slice.key} aria-hidden="true">
                  <td colSpan={span} height={slice.height} className="p-0" />
                </tr>
              );
            }
            const item = rows.items[slice.index];
            if (item === undefined) return null;
            const id = rowId(item);
            const label = props.rowLabel(item);
            return (
              <BodyRow
                key={id}
                item={item}
                id={id}
                label={label}
                index={slice.index}
                height={height}
                columns={columns}
                isSelectable={selection !== undefined}
                isSelected={selected.has(id)}
                isActive={slice.index === at}
                isOpen={state.row === id}
                isPressable={props.isPressable}
                actions={actions}
                isMenuOpen={menu === id}
                onMenu={onMenu}
                onActive={setActive}
                onPress={onPress}
                onSelect={onSelect}
                selectLabel={t("select", { row: label })}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The column that takes the room left over: the one meant to, else one that nobody gave a width. */
export function growing<Item>(
  columns: readonly Column<Item>[],
  layout: Layout,
): string | undefined {
  const isFree = ({ id }: Column<Item>) => layout.widths?.[id] === undefined;
  const meant = columns.find(({ grows }) => grows) ?? columns[0];
  if (meant && isFree(meant)) return meant.id;
  return (columns.findLast(isFree) ?? meant)?.id;
}

/** Room for the buttons in sight and the menu. */
function widthOfActions<Item>(
  item: Item | undefined,
  actions: (item: Item) => readonly RowAction[],
) {
  const inSight = item ? actions(item).filter(({ icon, danger }) => icon && !danger).length : 0;
  return 12 + (Math.min(2, inSight) + 1) * 30;
}
