/** Look, do, take back. */
import { api } from "@/api/client";
import type { BatchChange, BatchOutcome, BatchPreview } from "@/api/types";
import type { ListState } from "@/filter/list-state";
import type { Page, PageQuery } from "@/table/list-query";
import { mostItems, type Subject, TooMany } from "./batch";

const routeOf = (subject: Subject) =>
  subject === "own" ? "/api/tokens/batch" : "/api/admin/batch";

export const batches = {
  preview: (
    subject: Subject,
    items: readonly string[],
    change: BatchChange,
    signal: AbortSignal,
  ): Promise<BatchPreview> => {
    const order = subject === "own" ? { items, change } : { kind: subject, items, change };
    return api.post<BatchPreview>(`${routeOf(subject)}/preview`, order, { signal });
  },
  /** The token is the key of the request too: asked again after a lost answer, it is done once. */
  apply: (subject: Subject, token: string): Promise<BatchOutcome> =>
    api.post<BatchOutcome>(
      `${routeOf(subject)}/apply`,
      { token },
      { headers: { "idempotency-key": token } },
    ),
  undo: (subject: Subject, token: string): Promise<BatchOutcome> =>
    api.post<BatchOutcome>(`${routeOf(subject)}/undo`, { token }),
};

/** What a list is asked to find all that it shows. */
export const matching = ({ q, filter }: Pick<ListState, "q" | "filter">): PageQuery => ({
  ...(q !== "" && { q }),
  ...(filter !== "" && { filter }),
});

interface Everything<Item> {
  query: PageQuery;
  fetchPage: (query: PageQuery, signal: AbortSignal) => Promise<Page<Item>>;
  /** What the server cannot judge. */
  isMeant?: (item: Item) => boolean;
  /** More than these are too many; without it none are. */
  most?: number;
  signal: AbortSignal;
}

/** All that match, also those the page has not loaded. */
export async function allOf<Item>(list: Everything<Item>): Promise<Item[]> {
  const { most = Number.POSITIVE_INFINITY } = list;
  const found: Item[] = [];
  let cursor: string | undefined;
  do {
    const query = { ...list.query, limit: 200, ...(cursor !== undefined && { cursor }) };
    const page = await list.fetchPage(query, list.signal);
    found.push(...page.items.filter((item) => list.isMeant?.(item) ?? true));
    if (found.length > most) throw new TooMany();
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}

/** The ids of all that match, as many as can be changed at once. */
export async function idsOfAll<Item>(
  list: Omit<Everything<Item>, "most"> & { idOf: (item: Item) => string },
): Promise<string[]> {
  const found = await allOf({ ...list, most: mostItems });
  return found.map(list.idOf);
}
