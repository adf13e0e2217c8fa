import { useTranslation } from "react-i18next";

const width = 96;
const height = 20;

/** A small line without axes, beside the figure it belongs to. Gaps are gaps. */
export function Sparkline(props: {
  label: string;
  values: readonly (number | null)[];
  format: (value: number) => string;
}) {
  const { t } = useTranslation("chart");
  const { label, values, format } = props;
  const known = values.filter((value) => value !== null);
  const most = Math.max(0, ...known);
  const words =
    known.length === 0
      ? t("spark_none", { label })
      : t("spark", {
          label,
          first: format(known[0] ?? 0),
          last: format(known.at(-1) ?? 0),
          most: format(most),
        });
  return (
    <svg role="img" aria-label={words} viewBox={`0 0 ${width} ${height}`} className="h-5 w-24">
      <path
        d={linePath(values, most)}
        fill="none"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
        className="stroke-primary"
      />
    </svg>
  );
}

/** The path of a line from zero at the bottom to the largest at the top. A value between two gaps is a dot. */
export function linePath(values: readonly (number | null)[], most: number): string {
  const step = values.length > 1 ? (width - 4) / (values.length - 1) : 0;
  let isDrawing = false;
  return values
    .map((value, at) => {
      if (value === null) {
        isDrawing = false;
        return "";
      }
      const x = round(2 + at * step);
      const y = round(height - 2 - (most > 0 ? value / most : 0) * (height - 4));
      const isAlone = !isDrawing && (values[at + 1] ?? null) === null;
      const move = isDrawing ? `L${x} ${y}` : `M${x} ${y}${isAlone ? "h0.01" : ""}`;
      isDrawing = true;
      return move;
    })
    .join("");
}

const round = (value: number) => Math.round(value * 100) / 100;
