import { ChevronRight } from "lucide-react";
import { type RefObject, useRef, useState } from "react";

import { cn } from "@/components/class-names";
import { Checkbox } from "@/components/ui/checkbox";
import { Skeleton } from "@/components/ui/skeleton";
import type { Column, RowAction } from "./column";
import { RowActions } from "./row-actions";
import type { Rows } from "./rows";
import { useTableTexts } from "./texts";
import { useHeld } from "./use-held";
import type { SelectionControl } from "./use-selection";
import { useVirtualPage } from "./virtual-rows";

interface Props<Item extends object> {
  label: string;
  /** Those shown. */
  columns: readonly Column<Item>[];
  /** A card keeps its parts, whatever columns are shown. */
  allColumns: readonly Column<Item>[];
  rows: Rows<Item>;
  rowId: (item: Item) => string;
  rowLabel: (item: Item) => string;
  open: RefObject<(id: string) => void>;
  openRow: string | undefined;
  isPressable: boolean;
  actions: ((item: Item) => readonly RowAction[]) | undefined;
  /** Each card can be selected; left out: none can. */
  selection?: SelectionControl | undefined;
}

const cardHeight = 72;
const skeletonCards = ["a", "b", "c", "d", "e"];

/** The rows as cards, for narrow screens: a title, a badge and two figures each. */
export function CardList<Item extends object>(props: Props<Item>) {
  const { allColumns, rows, rowId, actions, selection } = props;
  const t = useTableTexts();
  const list = useRef<HTMLUListElement>(null);
  const [menu, setMenu] = useState<string | undefined>(undefined);
  const slices = useVirtualPage({ list, count: rows.items.length, rowHeight: cardHeight });
  const isDim = useHeld(rows.isRefreshing, 400);
  const title = allColumns.find(({ card }) => card === "title") ?? allColumns[0];
  const badge = allColumns.find(({ card }) => card === "badge");
  const figures = allColumns.filter(({ card }) => card === "figure").slice(0, 2);

  return (
    <ul
      ref={list}
      aria-label={props.label}
      aria-busy={rows.status === "pending" || rows.isRefreshing}
      className={cn("transition-opacity", isDim && "opacity-70")}
    >
      {rows.status === "pending" &&
        skeletonCards.map((key) => (
          <li key={key} className="h-18 space-y-2 border-line border-b px-3 py-3 last:border-b-0">
            <Skeleton className="h-4 w-1/2" />
            <Skeleton className="h-4 w-2/3" />
          </li>
        ))}
      {slices.map((slice) => {
        if (slice.kind === "room") {
          return <li key={slice.key} aria-hidden="true" style={{ height: slice.height }} />;
        }
        const item = rows.items[slice.index];
        if (item === undefined) return null;
        const id = rowId(item);
        const label = props.rowLabel(item);
        return (
          <li
            key={id}
            aria-setsize={rows.approxTotal ?? -1}
            aria-posinset={slice.index + 1}
            aria-current={props.openRow === id || undefined}
            className="relative flex h-18 items-center gap-1 border-line border-b pr-1 pl-3 last:border-b-0 has-[>button:active]:bg-surface-2 has-[input:checked]:bg-primary-soft aria-current:bg-primary-soft"
          >
            {props.isPressable && (
              <button
                type="button"
                aria-label={label}
                onClick={() => props.open.current(id)}
                className="absolute inset-0 focus-visible:-outline-offset-2"
              />
            )}
            {selection && (
              // biome-ignore lint/a11y/noLabelWithoutControl: the box is inside
              <label className="relative -ml-3 flex h-full w-11 shrink-0 items-center justify-center">
                <Checkbox
                  aria-label={t("select", { row: label })}
                  checked={selection.ids.includes(id)}
                  onChange={(event) => selection.select(id, event.currentTarget.checked, false)}
                />
              </label>
            )}
            <div className="pointer-events-none min-w-0 flex-1 space-y-1">
              <div className="flex items-center gap-2">
                <span
                  {...(title?.isPrivate && { "data-private": "" })}
                  className="min-w-0 flex-1 truncate font-medium"
                >
                  {title?.cell(item)}
                </span>
                {badge && (
                  <span className="max-w-1/2 shrink-0 truncate text-sm">{badge.cell(item)}</span>
                )}
              </div>
              <dl className="flex gap-4 text-sm">
                {figures.map((column) => (
                  <div key={column.id} className="flex min-w-0 items-baseline gap-1.5">
                    <dt className="truncate text-fg-3 text-xs">{column.header}</dt>
                    <dd className="num shrink-0">{column.cell(item)}</dd>
                  </div>
                ))}
              </dl>
            </div>
            {actions && (
              <span className="relative">
                <RowActions
                  label={label}
                  actions={actions(item)}
                  visible={0}
                  isReachable
                  isOpen={menu === id}
                  onOpenChange={(isOpen) => setMenu(isOpen ? id : undefined)}
                />
              </span>
            )}
            {props.isPressable && (
              <ChevronRight
                aria-hidden="true"
                className="pointer-events-none size-4 shrink-0 stroke-[1.5] text-fg-3"
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}
