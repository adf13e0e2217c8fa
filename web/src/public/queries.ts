/** What anyone may ask. */
import { queryOptions } from "@tanstack/react-query";
import { api, fetchWithKey } from "@/api/client";
import type { PublicStatus } from "@/api/types";
import type { Page, PageQuery } from "@/table/list-query";

export const fetchPrices = (query: PageQuery, signal: AbortSignal) =>
  api.get("/api/public/prices", { signal, query: { ...query } });

/** Above all that is told about how models are doing. */
export const statusKey = ["public", "status"] as const;

export const fetchStatus = (query: PageQuery, signal: AbortSignal) =>
  api.get("/api/public/status", { signal, query: { ...query } });

/** As many as one answer may have. */
const mostAtOnce = 200;

/** Every model there is, whatever the list below is narrowed to. */
export const everyStatusQuery = queryOptions({
  queryKey: [...statusKey, "every"],
  queryFn: async ({ signal }) => {
    const all: PublicStatus[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<PublicStatus> = await fetchStatus(
        { limit: mostAtOnce, ...(cursor !== undefined && { cursor }) },
        signal,
      );
      all.push(...page.items);
      cursor = page.next;
    } while (cursor !== undefined);
    return all;
  },
});

/** How a key stands. It goes in the body: addresses are kept in histories and logs. */
export const checkKey = (key: string) => api.post("/api/public/key", { key });

/** The names of the models that a key may call, as any client asks for them; none where it may not ask from here. */
export async function fetchModelNames(key: string, signal: AbortSignal): Promise<string[]> {
  const answer = await fetchWithKey("/v1/models", key, signal);
  if (!answer.ok) return [];
  const { data } = (await answer.json()) as { data?: { id: string }[] };
  return (data ?? []).map(({ id }) => id);
}
