import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Histogram } from "@/api/types";
import type { Series, Tone } from "@/chart/series";
import { TimeChart } from "@/chart/time-chart";
import { ErrorState } from "@/components/ui/error-state";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import type { Range } from "@/filter/range";
import { formatUsd } from "@/format/money";
import { formatCount } from "@/format/number";
import { useReader } from "@/trace/use-reader";
import { usePartName } from "./part-name";
import { type Asked, type Dimension, histogramQuery, type Measure } from "./queries";

const measures = ["calls", "cost", "tokens"] as const;
const mine = ["outcome", "model", "api_key", "client"] as const;
const all = [...mine, "user", "channel", "channel_group"] as const;

const tones: Record<string, Tone> = {
  ok: "ok",
  refused: "warn",
  rejected: "warn",
  failed: "err",
  broken: "err",
  client_gone: "none",
};

/** Calls, cost or tokens over time, by whatever one wants to compare. Marking a stretch narrows the page to it. */
export function UsageChart({ asked, onRange }: { asked: Asked; onRange: (range: Range) => void }) {
  const { t } = useTranslation("usage");
  const [measure, setMeasure] = useState<Measure>("calls");
  const [by, setBy] = useState<Dimension>("outcome");
  const { data, error, refetch } = useQuery(histogramQuery(asked, by, measure));
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label={t("chart.measure")}
          value={measure}
          onChange={(value) => setMeasure(measures.find((one) => one === value) ?? "calls")}
          options={measures.map((value) => ({ value, label: t(`measure.${value}`) }))}
        />
        <Select
          aria-label={t("chart.by")}
          value={by}
          onChange={({ currentTarget }) =>
            setBy(all.find((one) => one === currentTarget.value) ?? "outcome")
          }
        >
          {(asked.whose === "mine" ? mine : all).map((value) => (
            <option key={value} value={value}>
              {t(`by.${value}`)}
            </option>
          ))}
        </Select>
      </div>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-45 w-full" />}
      {data && (
        <HistogramChart
          label={t("chart.label", { measure: t(`measure.${measure}`), by: t(`by.${by}`) })}
          {...{ histogram: data, measure, by, onRange }}
        />
      )}
    </div>
  );
}

/** A histogram as the server gives it. */
export function HistogramChart(props: {
  label: string;
  histogram: Histogram;
  measure: Measure;
  by: Dimension;
  onRange?: (range: Range) => void;
  height?: number;
}) {
  const { histogram, measure, by, label, ...rest } = props;
  const { language } = useReader();
  const nameOf = usePartName();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names change with the language only
  const series = useMemo(
    () =>
      histogram.series.map(
        ({ key, label: name, values }): Series => ({
          key,
          label: nameOf(by, { key, label: name }),
          values,
          ...(by === "outcome" && tones[key] && { tone: tones[key] }),
        }),
      ),
    [histogram, by, language],
  );
  const totals = new Map(histogram.series.map(({ key, total }) => [key, total]));
  const format = (value: number) =>
    measure === "cost" ? formatUsd(plain(value), language) : formatCount(value);
  return (
    <TimeChart
      label={label}
      kind="bars"
      buckets={{ starts: histogram.starts, size: histogram.bucket }}
      series={series}
      format={format}
      totalOf={(key) => {
        const total = totals.get(key);
        if (total === undefined) return undefined;
        return measure === "cost" ? formatUsd(total, language) : formatCount(Number(total));
      }}
      isWhole={measure !== "cost"}
      isLastIncomplete={histogram.incomplete_last}
      {...rest}
    />
  );
}

/** A drawn amount as decimal text, without an exponent. */
const plain = (value: number) => value.toFixed(9);
