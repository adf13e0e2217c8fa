import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { AuditEntry, Items, PriceSync, PriceTerms, PriceVersion } from "@/api/types";
import type { Model } from "@/config/objects";
import { exactly, printTerm } from "@/filter/grammar";
import type { Page, PageQuery } from "@/table/list-query";
import type { ImportReport } from "./import-row";
import type { ModelRow } from "./model";
import type { PriceDraft } from "./price";

/** What can be written of a model; what is left out stays, `""` takes a price away. */
export interface ModelChange extends Partial<PriceDraft> {
  owner?: string;
  enabled?: boolean;
  /** Whether the price stays whatever lists of prices say. */
  price_pinned?: boolean;
  /** As a whole; `{}` takes all of it away. */
  price_terms?: PriceTerms;
}

/** A list of prices, or where one is. */
export type PriceListSource = { readonly text: string } | { readonly url: string };

/** A whole library is compared and written in one go. */
const importTimeoutMs = 120_000;

const only = (field: string, value: string) =>
  printTerm({ field, operator: ":", values: [exactly(value)] });

export const fetchModelRows = (query: PageQuery, signal: AbortSignal): Promise<Page<ModelRow>> =>
  api.get("/api/admin/models", { signal, query: { ...query } });

/** The model as it can be changed, with the tag of its version. */
export const modelQuery = (name: string) =>
  queryOptions({
    queryKey: ["catalog", "one", name],
    queryFn: ({ signal }) => api.getTagged<Model>(path`/api/admin/models/${name}`, { signal }),
  });

/** A row of the list by itself, for a model that the list does not show. */
export const modelRowQuery = (name: string) =>
  queryOptions({
    queryKey: ["catalog", "row", name],
    queryFn: async ({ signal }) => {
      const query = { filter: only("name", name), limit: 1 };
      const { items } = await api.get<Page<ModelRow>>("/api/admin/models", { signal, query });
      return items[0] ?? null;
    },
  });

/** The prices that a model had, the newest first. */
export const priceVersionsQuery = (name: string) =>
  queryOptions({
    queryKey: ["catalog", "prices", name],
    queryFn: ({ signal }) =>
      api.get<Items<PriceVersion>>(path`/api/admin/models/${name}/prices`, { signal }),
  });

/** How prices are kept up with a list elsewhere, and which of them wait for somebody. */
export const priceSyncQuery = queryOptions({
  queryKey: ["catalog", "sync"],
  queryFn: ({ signal }): Promise<PriceSync> => api.get("/api/admin/price-sync", { signal }),
});

export const priceSync = {
  /** Looks at the list now; it may take as long as the list does. */
  run: (): Promise<PriceSync> =>
    api.post("/api/admin/price-sync/run", undefined, { timeoutMs: importTimeoutMs }),
  /** Sets prices that wait, or decides against them. */
  decide: (
    decision: "accept" | "dismiss",
    revision: number,
    models: readonly string[],
  ): Promise<PriceSync> => api.post(`/api/admin/price-sync/${decision}`, { revision, models }),
};

/** Who changed a model last, where the reader may know. */
export async function lastChangeOf(name: string): Promise<AuditEntry | undefined> {
  const filter = `${only("object_kind", "model")} ${only("object", name)}`;
  const query = { filter, limit: 1 };
  const found = await api.get<Page<AuditEntry>>("/api/admin/audit", { query }).catch(() => null);
  return found?.items[0];
}

export const models = {
  put: (name: string, change: ModelChange, ifMatch?: string) =>
    api.put<Model>(path`/api/admin/models/${name}`, { name, ...change }, { ifMatch }),
  /** Makes a model; a name that is there already is a conflict. */
  make: (name: string, change: ModelChange) =>
    api.put<Model>(
      path`/api/admin/models/${name}`,
      { name, ...change },
      { headers: { "if-none-match": "*" } },
    ),
  remove: (name: string) => api.delete(path`/api/admin/models/${name}`),
  /** What a list of prices would change. */
  compare: (list: PriceListSource, signal: AbortSignal) =>
    api.post<ImportReport>(
      "/api/admin/models/import",
      { ...list, dry_run: true },
      { signal, timeoutMs: importTimeoutMs },
    ),
  /** Writes the prices of these models and of no others, as they were shown. */
  write: (list: PriceListSource, only: readonly string[], tag: string) =>
    api.post<ImportReport>(
      "/api/admin/models/import",
      { ...list, dry_run: false, only, tag },
      { timeoutMs: importTimeoutMs },
    ),
};

/** Everything that shows models or their prices is asked anew. */
export async function refreshModels(queries: QueryClient): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ["catalog"] }),
    queries.invalidateQueries({ queryKey: ["models"] }),
  ]);
}
