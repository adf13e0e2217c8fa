import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import type { ColourName } from "./colour";
import { rankedAt, type Series, sumAt } from "./series";
import { Swatch } from "./swatch";

const most = 8;

/** What one bucket holds, the largest first, beside the pointer. It repeats what keys and the table tell. */
export function HoverList(props: {
  at: number;
  time: string;
  isIncomplete: boolean;
  series: readonly Series[];
  colours: ReadonlyMap<string, ColourName>;
  before: number | null | undefined;
  hasTotal: boolean;
  format: (value: number) => string;
  /** From the left edge of the chart, in pixels; beyond the middle the list stands on the left of it. */
  left: number;
  isBeyondMiddle: boolean;
}) {
  const { t } = useTranslation("chart");
  const { at, series, colours, format } = props;
  const ranked = rankedAt(series, at);
  const total = sumAt(series, at);
  return (
    <div
      aria-hidden="true"
      style={{ left: props.left }}
      className={cn(
        "pointer-events-none absolute top-2 z-1 w-max max-w-72 rounded-control border border-line bg-surface px-2.5 py-1.5 text-xs shadow-floating",
        props.isBeyondMiddle ? "-translate-x-[calc(100%+0.75rem)]" : "translate-x-3",
      )}
    >
      <div className="num mb-0.5 text-fg-2">
        {props.time}
        {props.isIncomplete && ` · ${t("incomplete")}`}
      </div>
      {ranked.slice(0, most).map(({ series: one, value }) => (
        <div key={one.key} className="flex min-w-0 items-center gap-1.5">
          <Swatch colour={colours.get(one.key) ?? "chart-8"} />
          <bdi className="min-w-0 flex-1 truncate">{one.label}</bdi>
          <span className="num pl-3 font-medium">{format(value)}</span>
        </div>
      ))}
      {props.hasTotal && ranked.length > 1 && total !== null && (
        <div className="mt-0.5 flex border-line border-t pt-0.5">
          <span className="flex-1">{t("total")}</span>
          <span className="num pl-3 font-medium">{format(total)}</span>
        </div>
      )}
      {props.before !== undefined && props.before !== null && (
        <div className="flex text-fg-2">
          <span className="flex-1">{t("previous")}</span>
          <span className="num pl-3">{format(props.before)}</span>
        </div>
      )}
      {ranked.length === 0 && <div className="text-fg-3">{t("empty")}</div>}
    </div>
  );
}
