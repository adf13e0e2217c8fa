import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import type { ColourName } from "./colour";
import type { Series } from "./series";
import { Swatch } from "./swatch";

/** The series by their colours. Pressing one takes it out of the chart, pressing again brings it back. */
export function Legend(props: {
  series: readonly Series[];
  colours: ReadonlyMap<string, ColourName>;
  hidden: ReadonlySet<string>;
  onToggle: (key: string) => void;
  totalOf: (series: Series) => string | undefined;
}) {
  const { t } = useTranslation("chart");
  return (
    <ul aria-label={t("legend")} className="flex min-w-0 flex-1 flex-wrap gap-x-1">
      {props.series.map((one) => {
        const total = props.totalOf(one);
        const isShown = !props.hidden.has(one.key);
        return (
          <li key={one.key} className="min-w-0 max-w-full">
            <button
              type="button"
              title={one.label}
              aria-pressed={isShown}
              onClick={() => props.onToggle(one.key)}
              className={cn(
                "flex min-h-6 max-w-full items-center gap-1.5 rounded-badge px-1.5 text-xs hover:bg-surface-2 pointer-coarse:min-h-11",
                !isShown && "text-fg-3 line-through opacity-60",
              )}
            >
              <Swatch colour={props.colours.get(one.key) ?? "chart-8"} />
              <bdi className="max-w-48 truncate">{one.label}</bdi>
              {total !== undefined && <span className="num text-fg-2">{total}</span>}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
