import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Dashboard } from "@/api/types";
import { ErrorState } from "@/components/ui/error-state";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { useTimeZone } from "@/components/value/time-zone";
import { zoneName } from "@/filter/zone-time";
import { Section } from "@/shell/page";
import { histogramQuery } from "@/usage/queries";
import { HistogramChart } from "@/usage/usage-chart";
import { useOpenRange } from "./open-range";
import { type DashboardSpan, spans } from "./queries";

const views = ["model", "api_key", "calls"] as const;
type View = (typeof views)[number];

/** Spend over time by model or key, or the calls by how they ended. Marking a stretch opens its calls. */
export function SpendChart(props: {
  dashboard: Dashboard;
  span: DashboardSpan;
  onSpan: (span: DashboardSpan) => void;
}) {
  const { t } = useTranslation("dashboard");
  const [view, setView] = useState<View>("model");
  const { dashboard, span } = props;
  const open = useOpenRange();
  const zone = zoneName(useTimeZone());
  const asked = { whose: "mine", q: "", filter: "", range: { last: span }, zone } as const;
  const keys = useQuery({
    ...histogramQuery(asked, "api_key", "cost"),
    enabled: view === "api_key",
  });
  const histogram = { model: dashboard.spend, api_key: keys.data, calls: dashboard.calls }[view];
  return (
    <Section
      title={view === "calls" ? t("chart.calls") : t("chart.spend")}
      actions={
        <div className="flex max-w-full flex-wrap gap-2">
          <Segmented
            label={t("chart.view")}
            value={view}
            onChange={setView}
            options={views.map((value) => ({ value, label: t(`chart.by_${value}`) }))}
          />
          <Segmented
            label={t("span.label")}
            value={span}
            onChange={props.onSpan}
            options={spans.map((value) => ({ value, label: t(`span.${value}`) }))}
          />
        </div>
      }
    >
      {histogram ? (
        <HistogramChart
          label={t(`chart.label_${view}`)}
          histogram={histogram}
          measure={view === "calls" ? "calls" : "cost"}
          by={view === "calls" ? "outcome" : view}
          {...(open && { onRange: open })}
        />
      ) : keys.error ? (
        <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />
      ) : (
        <Skeleton className="h-45 w-full" />
      )}
    </Section>
  );
}
