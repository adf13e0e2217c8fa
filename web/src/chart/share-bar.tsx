import { useTranslation } from "react-i18next";

import { formatShare } from "@/format/number";
import { type ColourName, coloursOf, fillClasses } from "./colour";
import type { Tone } from "./series";
import { Swatch } from "./swatch";

export interface Share {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  readonly tone?: Tone;
}

/** The parts of a whole as one bar, with their names and shares beneath. */
export function ShareBar({ label, shares }: { label: string; shares: readonly Share[] }) {
  const { t, i18n } = useTranslation("chart");
  const parts = shares.filter(({ value }) => value > 0);
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  const colours = coloursOf(parts);
  const colourOf = (key: string): ColourName => colours.get(key) ?? "chart-8";
  let from = 0;
  if (total === 0) return <p className="text-fg-3 text-sm">{t("empty")}</p>;
  return (
    <div className="space-y-1.5">
      <svg aria-hidden="true" className="block h-2 w-full overflow-hidden rounded-badge">
        {parts.map(({ key, value }) => {
          const x = from;
          from += value / total;
          return (
            <rect
              key={key}
              x={`${x * 100}%`}
              width={`${(value / total) * 100}%`}
              height="100%"
              className={`stroke-1 stroke-surface ${fillClasses[colourOf(key)]}`}
            />
          );
        })}
      </svg>
      <ul aria-label={label} className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {parts.map((part) => (
          <li key={part.key} className="flex min-w-0 items-center gap-1.5">
            <Swatch colour={colourOf(part.key)} />
            <bdi className="max-w-48 truncate">{part.label}</bdi>
            <span className="num text-fg-2">{formatShare(part.value / total, i18n.language)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
