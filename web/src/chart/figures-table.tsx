import { useTranslation } from "react-i18next";

import { Missing } from "@/components/value/missing";
import { type Buckets, nameOf } from "./bucket";
import { type Series, sumAt } from "./series";

/** The figures of a chart as a table. */
export function FiguresTable(props: {
  label: string;
  buckets: Buckets;
  series: readonly Series[];
  hasTotal: boolean;
  format: (value: number) => string;
  language: string;
  zone: string | undefined;
}) {
  const { t } = useTranslation("chart");
  const { buckets, series, format } = props;
  const hasTotal = props.hasTotal && series.length > 1;
  const cell = "whitespace-nowrap border-line border-b px-3 py-1 text-right num";
  const figure = (value: number | null | undefined) =>
    value === null || value === undefined ? <Missing /> : format(value);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keys
    <section aria-label={props.label} tabIndex={0} className="max-h-72 overflow-auto">
      <table
        aria-label={props.label}
        className="min-w-full border-separate border-spacing-0 text-sm"
      >
        <thead className="sticky top-0 z-1 bg-surface-2 text-fg-2 text-xs">
          <tr>
            <th
              scope="col"
              className="sticky left-0 border-line border-b bg-surface-2 px-3 py-1.5 text-left font-medium"
            >
              {t("time")}
            </th>
            {series.map(({ key, label }) => (
              <th
                key={key}
                scope="col"
                className="max-w-48 truncate border-line border-b px-3 py-1.5 text-right font-medium"
              >
                <bdi>{label}</bdi>
              </th>
            ))}
            {hasTotal && (
              <th scope="col" className="border-line border-b px-3 py-1.5 text-right font-medium">
                {t("total")}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {buckets.starts.map((start, at) => (
            <tr key={start}>
              <th
                scope="row"
                className="num sticky left-0 whitespace-nowrap border-line border-b bg-surface px-3 py-1 text-left font-normal"
              >
                {nameOf(buckets, at, props.language, props.zone)}
              </th>
              {series.map(({ key, values }) => (
                <td key={key} className={cell}>
                  {figure(values[at])}
                </td>
              ))}
              {hasTotal && <td className={cell}>{figure(sumAt(series, at))}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
