import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { Overview } from "@/api/types";
import { TimeChart } from "@/chart/time-chart";
import { printRange, type Range } from "@/filter/range";
import { formatDuration } from "@/format/duration";
import { useMay, useMe } from "@/session/use-me";
import { Section } from "@/shell/page";
import { HistogramChart } from "@/usage/usage-chart";

/** The last 24 hours: calls by outcome, and how long the first token took. */
export function OverviewCharts({ overview }: { overview: Overview }) {
  const { t } = useTranslation("admin");
  const { throughput, latency } = overview;
  const open = useOpenRange();
  const buckets = useMemo(
    () => ({ starts: latency.starts, size: throughput.bucket }),
    [latency.starts, throughput.bucket],
  );
  const series = useMemo(
    () => [
      { key: "first_p50", label: "P50", values: latency.p50 },
      { key: "first_p95", label: "P95", values: latency.p95 },
    ],
    [latency],
  );
  return (
    <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
      <Section title={t("chart.throughput")}>
        <HistogramChart
          label={t("chart.throughput")}
          histogram={throughput}
          measure="calls"
          by="outcome"
          {...(open && { onRange: open })}
        />
      </Section>
      <Section title={t("chart.latency")}>
        <TimeChart
          label={t("chart.latency")}
          kind="lines"
          buckets={buckets}
          series={series}
          format={formatDuration}
          isLastIncomplete={throughput.incomplete_last}
          {...(open && { onRange: open })}
        />
      </Section>
    </div>
  );
}

function useOpenRange(): ((range: Range) => void) | undefined {
  const navigate = useNavigate();
  const { features } = useMe();
  const mayRead = useMay("usage.read");
  if (!features.admin_usage || !mayRead) return undefined;
  return (range) => void navigate({ to: "/admin/requests", search: { t: printRange(range) } });
}
