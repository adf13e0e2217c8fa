import { ChevronDown, ChevronUp, Plus, X } from "lucide-react";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { move } from "./move";

interface Props<Row> {
  /** What the list holds, for a reader. */
  label: string;
  rows: readonly Row[];
  onChange: (rows: readonly Row[]) => void;
  /** A row that says nothing yet. */
  fresh: Row;
  /** What one row is called in the labels of its buttons. */
  nameOf: (row: Row, at: number) => string;
  render: (row: Row, set: (change: Partial<Row>) => void, at: number) => ReactNode;
  /** What the button that adds a row says. */
  add: string;
  /** The order counts: rows can be moved. */
  ordered?: boolean;
  /** The most rows there can be. */
  most?: number;
  /** Only to be looked at. */
  fixed?: boolean;
}

/** Rows of a few controls each, with a button that adds one. */
export function RowsField<Row extends object>(props: Props<Row>) {
  const { t } = useTranslation("common");
  const { rows, onChange, nameOf } = props;
  const list = useRef<HTMLUListElement>(null);
  // Whoever asked for a row writes in it.
  const isAdded = useRef(false);
  useLayoutEffect(() => {
    if (!isAdded.current || rows.length === 0) return;
    isAdded.current = false;
    list.current?.querySelector<HTMLElement>("li:last-child :is(input, select)")?.focus();
  }, [rows]);
  const put = (at: number, row: Row) =>
    onChange(rows.map((one, place) => (place === at ? row : one)));
  const step = (at: number, by: 1 | -1) => onChange(move(rows, at, at + by));
  return (
    <div className="space-y-2">
      {rows.length > 0 && (
        <ul ref={list} aria-label={props.label} className="space-y-2">
          {rows.map((row, at) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; its controls hold nothing of their own
              key={at}
              className="flex items-start gap-1 rounded-panel border border-line bg-surface p-2"
            >
              <div className="min-w-0 flex-1">
                {props.render(row, (change) => put(at, { ...row, ...change }), at)}
              </div>
              {props.ordered && rows.length > 1 && (
                <>
                  <IconButton
                    plain
                    size="sm"
                    label={t("order.up", { item: nameOf(row, at) })}
                    disabled={at === 0}
                    onClick={() => step(at, -1)}
                    icon={<ChevronUp aria-hidden="true" />}
                  />
                  <IconButton
                    plain
                    size="sm"
                    label={t("order.down", { item: nameOf(row, at) })}
                    disabled={at === rows.length - 1}
                    onClick={() => step(at, 1)}
                    icon={<ChevronDown aria-hidden="true" />}
                  />
                </>
              )}
              {!props.fixed && (
                <IconButton
                  plain
                  size="sm"
                  label={t("list.remove", { item: nameOf(row, at) })}
                  onClick={() => onChange(rows.filter((_, place) => place !== at))}
                  icon={<X aria-hidden="true" />}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {!props.fixed && (
        <Button
          size="sm"
          icon={<Plus aria-hidden="true" />}
          disabledReason={
            rows.length < (props.most ?? Number.POSITIVE_INFINITY)
              ? undefined
              : t("rules.too_many", { count: props.most ?? 0 })
          }
          onClick={() => {
            isAdded.current = true;
            onChange([...rows, props.fresh]);
          }}
        >
          {props.add}
        </Button>
      )}
    </div>
  );
}
