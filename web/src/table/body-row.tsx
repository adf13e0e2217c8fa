import { memo, type ReactNode } from "react";

import { cn } from "@/components/class-names";
import { Checkbox } from "@/components/ui/checkbox";
import type { Column, RowAction } from "./column";
import { RowActions } from "./row-actions";
import { endEdge, rowRing, startEdge } from "./sticky";

interface Props<Item> {
  item: Item;
  id: string;
  label: string;
  /** In the list, from 0. */
  index: number;
  height: number;
  columns: readonly Column<Item>[];
  isSelectable: boolean;
  isSelected: boolean;
  /** The one row that the Tab key reaches. */
  isActive: boolean;
  isOpen: boolean;
  isPressable: boolean;
  actions: ((item: Item) => readonly RowAction[]) | undefined;
  isMenuOpen: boolean;
  onMenu: (id: string, isOpen: boolean) => void;
  onActive: (index: number) => void;
  onPress: (id: string) => void;
  onSelect: (id: string, isSelected: boolean, isRange: boolean) => void;
  selectLabel: string;
}

/** What reacts to a press by itself: the row then does not. */
export const interactive = "a,button,input,select,textarea,label,summary,[role=menuitem]";

const sticky =
  "bg-surface group-hover/row:bg-surface-2 group-aria-selected/row:bg-primary-soft group-data-open/row:bg-primary-soft";

function BodyRowOf<Item>(props: Props<Item>): ReactNode {
  const { item, id, index, columns, isSelectable, isActive, actions } = props;
  return (
    <tr
      data-row={index}
      data-open={props.isOpen || undefined}
      tabIndex={isActive ? 0 : -1}
      aria-rowindex={index + 2}
      aria-selected={isSelectable ? props.isSelected : undefined}
      aria-current={props.isOpen || undefined}
      onFocus={() => props.onActive(index)}
      onClick={(event) => {
        const target = event.target as Element;
        const isText = (getSelection()?.toString() ?? "") !== "";
        // A press inside a menu that hangs elsewhere on the page comes through here, too.
        if (!event.currentTarget.contains(target) || target.closest(interactive) || isText) return;
        props.onPress(id);
      }}
      className={cn(
        "group/row hover:bg-surface-2 focus-visible:outline-transparent aria-selected:bg-primary-soft data-open:bg-primary-soft",
        props.isPressable && "cursor-pointer",
        props.height === 32 ? "h-8" : props.height === 44 ? "h-11" : "h-9",
      )}
    >
      {isSelectable && (
        <td className={cn("sticky left-0 z-1 border-line border-b px-3", sticky, rowRing)}>
          <span className="flex">
            <Checkbox
              aria-label={props.selectLabel}
              tabIndex={isActive ? 0 : -1}
              checked={props.isSelected}
              onChange={(event) => {
                const { shiftKey } = event.nativeEvent as unknown as MouseEvent;
                props.onSelect(id, event.currentTarget.checked, shiftKey);
              }}
            />
          </span>
        </td>
      )}
      {columns.map((column, at) => {
        const look = cn(
          "truncate border-line border-b px-3 text-left font-normal",
          rowRing,
          column.align === "end" && "num text-right",
        );
        const title = column.text?.(item);
        const mark = column.isPrivate && { "data-private": "" };
        if (at > 0) {
          return (
            <td key={column.id} title={title} className={look} {...mark}>
              {column.cell(item)}
            </td>
          );
        }
        return (
          <th
            key={column.id}
            scope="row"
            title={title}
            {...mark}
            className={cn(
              look,
              "sticky z-1",
              isSelectable ? "left-10" : "left-0",
              sticky,
              startEdge,
            )}
          >
            {column.cell(item)}
          </th>
        );
      })}
      {actions && (
        <td
          className={cn(
            "sticky right-0 z-1 border-line border-b px-1 text-right",
            sticky,
            endEdge,
            rowRing,
          )}
        >
          <RowActions
            label={props.label}
            actions={actions(item)}
            visible={2}
            isReachable={isActive}
            isOpen={props.isMenuOpen}
            onOpenChange={(isOpen) => props.onMenu(id, isOpen)}
          />
        </td>
      )}
    </tr>
  );
}

export const BodyRow = memo(BodyRowOf) as typeof BodyRowOf;
