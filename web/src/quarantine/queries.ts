/** Calls whose usage cannot be true: what operators ask about them, and what root decides. */
import type { QueryClient } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { QuarantinedCall } from "@/api/types";
import type { Page, PageQuery } from "@/table/list-query";

/** Those that wait for somebody to look at them, or those about which somebody decided. */
export type Which = "waiting" | "decided";

export const quarantineKey = (which: Which) => ["quarantine", which] as const;

/** A page of them, the newest first: the list has no words, no filters and no other order. */
export const fetchQuarantine =
  (which: Which) =>
  ({ cursor }: PageQuery, signal: AbortSignal): Promise<Page<QuarantinedCall>> =>
    api.get("/api/admin/quarantine", {
      signal,
      query: { cursor, ...(which === "decided" && { decided: true }) },
    });

export const decisions = ["waive", "charge"] as const;
export type Decision = (typeof decisions)[number];

export const decide = (
  request: string,
  decision: Decision,
  body: { reason: string; amount_usd?: string },
): Promise<QuarantinedCall> =>
  api.post<QuarantinedCall>(path`/api/admin/quarantine/${request}/${decision}`, body);

/** A decision shows in this list, in the call itself and on the balance of its user. */
export async function refreshQuarantine(queries: QueryClient): Promise<void> {
  const touched = [["quarantine"], ["usage"], ["balance"]];
  await Promise.all(touched.map((queryKey) => queries.invalidateQueries({ queryKey })));
}
