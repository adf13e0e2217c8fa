import { ArrowDown, ArrowUp, SlidersHorizontal } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { IconButton } from "@/components/ui/icon-button";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { Segmented } from "@/components/ui/segmented";
import type { Column } from "./column";
import { movedBy, shownOf } from "./layout";
import { densities, type Layout } from "./preferences";

/** Which columns are shown, in which order, and how tall the rows are. */
export function LayoutMenu<Item>(props: {
  columns: readonly Column<Item>[];
  order: readonly string[];
  layout: Layout;
  onChange: (change: Layout) => void;
  onReset: () => void;
}) {
  const { t } = useTranslation("table");
  const { columns, order, layout, onChange } = props;
  const list = useRef<HTMLUListElement>(null);
  const shown = shownOf(columns, layout);
  function move(id: string, by: -1 | 1) {
    onChange({ order: movedBy(order, id, by) });
    // The button moves with its column: the focus stays on it, or goes to its twin at an end.
    requestAnimationFrame(() => {
      const row = list.current?.querySelector(`[data-column="${CSS.escape(id)}"]`);
      const [up, down] = row?.querySelectorAll("button") ?? [];
      const wanted = by < 0 ? up : down;
      (wanted?.disabled ? (by < 0 ? down : up) : wanted)?.focus();
    });
  }
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button size="sm" variant="ghost" icon={<SlidersHorizontal aria-hidden="true" />}>
          {t("view")}
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" aria-label={t("view")} className="flex w-76 flex-col gap-3">
        <Segmented
          label={t("density")}
          value={layout.density ?? "default"}
          onChange={(density) => onChange({ density })}
          options={densities.map((value) => ({ value, label: t(`densities.${value}`) }))}
          className="self-start"
        />
        <ul ref={list} aria-label={t("columns")} className="-mx-1 max-h-80 overflow-y-auto">
          {order.map((id, at) => {
            const column = columns.find((one) => one.id === id);
            if (!column) return null;
            return (
              <li
                key={id}
                data-column={id}
                className="flex items-center gap-1 rounded-badge px-1 hover:bg-surface-2"
              >
                <Checkbox
                  className="min-w-0 flex-1"
                  label={<span className="line-clamp-1 break-all">{column.header}</span>}
                  checked={shown.includes(id)}
                  disabled={at === 0}
                  onChange={(event) =>
                    onChange({ shown: { ...layout.shown, [id]: event.currentTarget.checked } })
                  }
                />
                <IconButton
                  size="sm"
                  plain
                  label={t("move_up", { column: column.header })}
                  icon={<ArrowUp aria-hidden="true" />}
                  disabled={at === 0}
                  onClick={() => move(id, -1)}
                />
                <IconButton
                  size="sm"
                  plain
                  label={t("move_down", { column: column.header })}
                  icon={<ArrowDown aria-hidden="true" />}
                  disabled={at === order.length - 1}
                  onClick={() => move(id, 1)}
                />
              </li>
            );
          })}
        </ul>
        <Button size="sm" variant="ghost" className="self-start" onClick={props.onReset}>
          {t("reset_view")}
        </Button>
      </PopoverContent>
    </Popover>
  );
}
