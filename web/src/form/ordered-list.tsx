import { ChevronDown, ChevronUp, GripVertical, X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { IconButton } from "@/components/ui/icon-button";
import { announce } from "@/shell/announcer";
import { move } from "./move";

interface Props<T> {
  /** What the list holds, for a reader. */
  label: string;
  items: readonly T[];
  onChange: (items: T[]) => void;
  keyOf: (item: T) => string;
  nameOf: (item: T) => string;
  /** A row's content; its name when left out. */
  render?: (item: T, at: number) => ReactNode;
  /** Leaves out the button that takes an item away. */
  fixed?: boolean;
}

/** Items in an order: dragged, moved with buttons, or with Alt and the arrow keys. */
export function OrderedList<T>(props: Props<T>) {
  const { t } = useTranslation("common");
  const list = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<number>();
  const [over, setOver] = useState<number>();
  const { items, keyOf, nameOf } = props;

  // The focus goes with the item as soon as it stands in its new place, and not a frame later: by then
  // a person may have gone on.
  const moved = useRef<{ key: string; to: number }>(undefined);
  useLayoutEffect(() => {
    const item = moved.current && items[moved.current.to];
    if (!moved.current || item === undefined || keyOf(item) !== moved.current.key) return;
    list.current?.querySelectorAll("li")[moved.current.to]?.focus();
    moved.current = undefined;
  });

  function put(from: number, to: number) {
    const item = items[from];
    if (item === undefined || to < 0 || to >= items.length || from === to) return;
    moved.current = { key: keyOf(item), to };
    props.onChange(move(items, from, to));
    announce(t("order.moved", { item: nameOf(item), place: to + 1, count: items.length }));
  }

  function onKeyDown(event: KeyboardEvent, at: number) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined || event.target !== event.currentTarget) return;
    event.preventDefault();
    if (event.altKey) put(at, at + step);
    else list.current?.querySelectorAll("li")[at + step]?.focus();
  }

  if (items.length === 0) return <p className="text-fg-3">{t("list.empty")}</p>;
  return (
    <div className="space-y-1">
      <ol
        ref={list}
        aria-label={props.label}
        className="divide-y divide-line rounded-panel border border-line bg-surface"
      >
        {items.map((item, at) => (
          <li
            key={keyOf(item)}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: Alt and the arrow keys move the row
            tabIndex={0}
            draggable
            onKeyDown={(event) => onKeyDown(event, at)}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = "move";
              event.dataTransfer.setData("text/plain", nameOf(item));
              setDragged(at);
            }}
            onDragEnter={() => setOver(at)}
            onDragOver={(event) => dragged !== undefined && event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== undefined) put(dragged, at);
            }}
            onDragEnd={() => {
              setDragged(undefined);
              setOver(undefined);
            }}
            className={cn(
              "flex min-h-9 items-center gap-2 px-1 -outline-offset-2!",
              dragged === at && "opacity-50",
              dragged !== undefined && over === at && "bg-primary-soft",
            )}
          >
            <GripVertical
              aria-hidden="true"
              className="size-4 shrink-0 cursor-grab stroke-[1.5] text-fg-3"
            />
            <span className="num w-5 shrink-0 text-right text-fg-3 text-sm">{at + 1}</span>
            <div className="min-w-0 flex-1 py-1">
              {props.render?.(item, at) ?? <span data-raw="">{nameOf(item)}</span>}
            </div>
            <RowButtons
              name={nameOf(item)}
              first={at === 0}
              last={at === items.length - 1}
              onMove={(step) => put(at, at + step)}
              onRemove={
                props.fixed ? undefined : () => props.onChange(items.filter((_, one) => one !== at))
              }
            />
          </li>
        ))}
      </ol>
      <p className="text-fg-3 text-xs">{t("order.help")}</p>
    </div>
  );
}

function RowButtons(props: {
  name: string;
  first: boolean;
  last: boolean;
  onMove: (step: 1 | -1) => void;
  onRemove: (() => void) | undefined;
}) {
  const { t } = useTranslation("common");
  const item = props.name;
  return (
    <span className="flex shrink-0">
      <IconButton
        plain
        size="sm"
        label={t("order.up", { item })}
        disabled={props.first}
        onClick={() => props.onMove(-1)}
        icon={<ChevronUp aria-hidden="true" />}
      />
      <IconButton
        plain
        size="sm"
        label={t("order.down", { item })}
        disabled={props.last}
        onClick={() => props.onMove(1)}
        icon={<ChevronDown aria-hidden="true" />}
      />
      {props.onRemove && (
        <IconButton
          plain
          size="sm"
          label={t("order.remove", { item })}
          onClick={props.onRemove}
          icon={<X aria-hidden="true" />}
        />
      )}
    </span>
  );
}
