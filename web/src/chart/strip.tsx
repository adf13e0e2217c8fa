import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { formatShare } from "@/format/number";

/** From which share of successes on an hour counts as good, or as fair. */
const good = 0.99;
const fair = 0.9;

/** The last hours, one cell each: the share of calls that succeeded, oldest first; `null`: no calls. Height and colour
    say the same. */
export function Strip({ label, hours }: { label: string; hours: readonly (number | null)[] }) {
  const { t, i18n } = useTranslation("chart");
  const known = hours.filter((share) => share !== null);
  const share = (value: number) => formatShare(value, i18n.language);
  const count = hours.length;
  const words =
    known.length === 0
      ? t("strip_none", { label, count })
      : t("strip", { label, count, known: known.length, least: share(Math.min(...known)) });
  return (
    <svg
      role="img"
      aria-label={words}
      viewBox={`0 0 ${count * 4} 16`}
      preserveAspectRatio="none"
      className="h-4 w-24"
    >
      {hours.map((value, at) => {
        const ago = { hours: count - 1 - at };
        const height = value === null ? 3 : value >= good ? 16 : value >= fair ? 11 : 6;
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: an hour is known by its place
            key={at}
            x={at * 4}
            y={16 - height}
            width={3}
            height={height}
            className={cn(
              value === null && "fill-line",
              value !== null &&
                (value >= good ? "fill-ok" : value >= fair ? "fill-warn" : "fill-err"),
            )}
          >
            <title>
              {value === null
                ? t("strip_hour_none", ago)
                : t("strip_hour", { ...ago, value: share(value) })}
            </title>
          </rect>
        );
      })}
    </svg>
  );
}
