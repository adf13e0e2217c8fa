/** What calls earn: what was charged for them, less what their vendors are paid. For those who operate the site. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { MarginReport } from "@/api/types";
import { boundsOf, type Range } from "@/filter/range";
import { zoneName } from "@/filter/zone-time";
import type { FetchExport } from "@/table/export-menu";

export const marginParts = ["channel", "model", "user", "day"] as const;

/** By what sums are told apart. */
export type MarginBy = (typeof marginParts)[number];

export interface MarginAsked {
  readonly by: MarginBy;
  readonly range: Range;
  readonly zone: string | undefined;
}

/** As many rows as the server gives at once: they are sorted here. */
export const mostRows = 500;

/** Only days need the time zone of the reader. */
function conditions({ by, range, zone }: MarginAsked): Record<string, string> {
  const { since, until } = boundsOf(range, Date.now());
  return {
    by,
    since,
    ...(until !== undefined && { until }),
    ...(by === "day" && { tz: zoneName(zone) }),
  };
}

export const marginQuery = (asked: MarginAsked) =>
  queryOptions({
    queryKey: ["margin", asked],
    queryFn: ({ signal }) =>
      api.get<MarginReport>("/api/admin/margin", {
        signal,
        query: { ...conditions(asked), limit: mostRows },
      }),
    placeholderData: keepPreviousData,
  });

/** All the rows there are, as a file. */
export const fetchMarginExport =
  (asked: MarginAsked): FetchExport =>
  async (_format, signal) => {
    const answer = await api.raw("GET", "/api/admin/margin/export", undefined, {
      signal,
      query: conditions(asked),
    });
    return answer.blob();
  };
