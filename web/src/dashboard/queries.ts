import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Range } from "@/filter/range";
import { instantOf, wallOf, zoneName } from "@/filter/zone-time";

/** How far back the charts and lists go. */
export const spans = ["24h", "7d", "30d"] as const;
export type DashboardSpan = (typeof spans)[number];

/** The span an address names. */
export const spanOf = (text: unknown): DashboardSpan => spans.find((one) => one === text) ?? "24h";

/** All of the dashboard. `zone` decides when today began. */
export const dashboardQuery = (span: DashboardSpan, zone: string | undefined) =>
  queryOptions({
    queryKey: ["dashboard", span, zoneName(zone)],
    queryFn: ({ signal }) =>
      api.get("/api/dashboard", {
        signal,
        query: { range: span, tz: zoneName(zone) },
      }),
    placeholderData: keepPreviousData,
  });

const minuteMs = 60_000;

/** From the midnight before an instant to the end of its minute. */
export function todayUntil(now: number, zone: string | undefined): Range {
  const day = wallOf(new Date(now).toISOString(), zone).slice(0, 10);
  const until = new Date(Math.ceil(now / minuteMs) * minuteMs).toISOString();
  return { since: instantOf(`${day}T00:00`, zone) ?? until, until };
}
