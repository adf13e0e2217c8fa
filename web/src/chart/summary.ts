import { useTranslation } from "react-i18next";

import { type Buckets, nameOf } from "./bucket";
import { type Series, sumAt, sumOf } from "./series";

/** A chart in one sentence. */
export function useSummary(chart: {
  label: string;
  buckets: Buckets;
  series: readonly Series[];
  kind: "bars" | "lines";
  format: (value: number) => string;
  zone: string | undefined;
}): string {
  const { t, i18n } = useTranslation("chart");
  const { label, buckets, series, format } = chart;
  const last = buckets.starts.length - 1;
  const name = (at: number) => nameOf(buckets, at, i18n.language, chart.zone);
  const known = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const stretch = { label, from: name(0), until: name(last) };
  if (known.length === 0) return `${label}: ${t("empty")}`;
  if (chart.kind === "lines") {
    const [least, most] = [known.reduce(smaller), known.reduce(larger)].map(format);
    return t("summary_lines", { ...stretch, least, most });
  }
  const peak = peakOf(series, last + 1);
  return t("summary", {
    ...stretch,
    total: format(series.reduce((sum, { values }) => sum + sumOf(values), 0)),
    peak: name(peak.at),
    most: format(peak.value),
  });
}

const smaller = (left: number, right: number) => Math.min(left, right);
const larger = (left: number, right: number) => Math.max(left, right);

/** The bucket with the largest sum. */
export function peakOf(series: readonly Series[], count: number): { at: number; value: number } {
  let peak = { at: 0, value: 0 };
  for (let at = 0; at < count; at += 1) {
    const value = sumAt(series, at) ?? 0;
    if (value > peak.value) peak = { at, value };
  }
  return peak;
}
