/** What is asked about calls: a user's own, or everyone's for those who operate the site. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { CallView, Histogram, Items, PartSums, Trace, UsageSummary } from "@/api/types";
import { type Bounds, boundsOf, type Range } from "@/filter/range";
import { zoneName } from "@/filter/zone-time";
import type { FetchExport } from "@/table/export-menu";
import type { Page, PageQuery } from "@/table/list-query";

/** Whose calls. */
export type Whose = "mine" | "all";

export type Dimension =
  | "model"
  | "api_key"
  | "client"
  | "day"
  | "outcome"
  | "cause"
  | "session"
  | "user"
  | "channel"
  | "channel_group";

export type Measure = "calls" | "cost" | "tokens";

/** Which calls a question is about. */
export interface Asked {
  readonly whose: Whose;
  readonly q: string;
  readonly filter: string;
  readonly range: Range;
  readonly zone: string | undefined;
}

const base = (whose: Whose) => (whose === "mine" ? "/api/usage" : "/api/admin/usage");

function conditions({ q, filter, range }: Asked): Record<string, string> {
  const bounds: Bounds = boundsOf(range, Date.now());
  return {
    ...(q !== "" && { q }),
    ...(filter !== "" && { filter }),
    since: bounds.since,
    ...(bounds.until !== undefined && { until: bounds.until }),
  };
}

/** The days are those of the reader, not those of the server. Only what has days may ask for them. */
const inDays = (asked: Asked) => ({ ...conditions(asked), tz: zoneName(asked.zone) });

const keyOf = (asked: Asked) => ["usage", asked] as const;

export const summaryQuery = (asked: Asked) =>
  queryOptions({
    queryKey: [...keyOf(asked), "summary"],
    queryFn: ({ signal }) =>
      api.get<UsageSummary>(`${base(asked.whose)}/summary`, {
        signal,
        query: { ...conditions(asked), compare: "previous" },
      }),
    placeholderData: keepPreviousData,
  });

export const histogramQuery = (asked: Asked, by: Dimension, measure: Measure) =>
  queryOptions({
    queryKey: [...keyOf(asked), "histogram", by, measure],
    queryFn: ({ signal }) =>
      api.get<Histogram>(`${base(asked.whose)}/histogram`, {
        signal,
        query: { ...inDays(asked), by, measure },
      }),
    placeholderData: keepPreviousData,
  });

export const byQuery = (asked: Asked, dimension: Dimension) =>
  queryOptions({
    queryKey: [...keyOf(asked), "by", dimension],
    queryFn: ({ signal }) =>
      api.get<Items<PartSums>>(`${base(asked.whose)}/by/${dimension}`, {
        signal,
        query: { ...inDays(asked), sort: "-cost", limit: 200 },
      }),
    placeholderData: keepPreviousData,
  });

export const traceQuery = (whose: Whose, requestId: string) =>
  queryOptions({
    queryKey: ["usage", "trace", whose, requestId],
    queryFn: ({ signal }) => api.get<Trace>(base(whose) + path`/${requestId}`, { signal }),
    staleTime: 60_000, // a call that is over does not change
  });

/** A page of calls. */
export const fetchCalls =
  (asked: Asked) =>
  (page: PageQuery, signal: AbortSignal): Promise<Page<CallView>> =>
    api.get(base(asked.whose), { signal, query: { ...conditions(asked), ...page } });

/** The calls that are meant, as a file. */
export const fetchExport =
  (asked: Asked): FetchExport =>
  async (format, signal) => {
    const query = { ...inDays(asked), format };
    const answer = await api.raw("GET", `${base(asked.whose)}/export`, undefined, {
      signal,
      query,
    });
    return answer.blob();
  };
