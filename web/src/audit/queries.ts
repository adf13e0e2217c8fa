/** What the audit log is asked. */
import { queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { AuditEntry } from "@/api/types";
import { boundsOf, type Range } from "@/filter/range";
import type { Page, PageQuery } from "@/table/list-query";

/** Newest first, always. Free words are the name of an object: the log knows no others. `always` holds besides. */
export const fetchAudit =
  (range: Range, always?: string) =>
  ({ q, filter, cursor }: PageQuery, signal: AbortSignal): Promise<Page<AuditEntry>> => {
    const words = q === undefined ? undefined : `object:"${q.replaceAll('"', "")}"`;
    const terms = [always, filter, words].filter((term) => term !== undefined).join(" ");
    return api.get("/api/admin/audit", {
      signal,
      query: { filter: terms, cursor, ...boundsOf(range, Date.now()) },
    });
  };

export const auditEntryQuery = (id: string) =>
  queryOptions({
    queryKey: ["audit", "one", id],
    queryFn: ({ signal }) => api.get<AuditEntry>(path`/api/admin/audit/${id}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY, // what happened does not change
  });
