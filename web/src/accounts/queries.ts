/** What is asked about accounts at vendors, and what is done to them. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type {
  AccountImport,
  AccountRefreshed,
  AccountView,
  ChannelView,
  Items,
  QuotaPolled,
} from "@/api/types";
import { refreshChannels } from "@/channels/queries";
import type { Page } from "@/table/list-query";

const againMs = 30_000;
/** The server may have to wait for the vendor. */
const vendorMs = 90_000;

/** Every account. Below the channels, because it changes with their credentials. */
export const accountsQuery = queryOptions({
  queryKey: ["channels", "accounts"],
  queryFn: ({ signal }) => api.get<Items<AccountView>>("/api/admin/accounts", { signal }),
  refetchInterval: againMs,
});

/** The channels that accounts can be in. */
export const codexChannelsQuery = queryOptions({
  queryKey: ["channels", "codex"],
  queryFn: ({ signal }) =>
    api.get<Page<ChannelView>>("/api/admin/channels", {
      signal,
      query: { filter: "kind:codex", limit: 200 },
    }),
});

export interface LogInOf {
  channel: string;
  credential?: string;
}

export const accounts = {
  begin: (of: LogInOf) => api.post("/api/admin/accounts/log-in", of),
  finish: (address: string) =>
    api.post("/api/admin/accounts/log-in/finish", { address }, { timeoutMs: vendorMs }),
  import: (tokens: AccountImport) =>
    api.post("/api/admin/accounts/import", tokens, { timeoutMs: vendorMs }),
  refresh: (id: string) =>
    api.post<AccountRefreshed>(
      path`/api/admin/accounts/${id}/refresh`,
      {},
      { timeoutMs: vendorMs },
    ),
  pollQuota: (id: string) =>
    api.post<QuotaPolled>(path`/api/admin/accounts/${id}/quota`, {}, { timeoutMs: vendorMs }),
};

/** An account as the server just told it, in place of what was known. */
export function putAccount(queries: QueryClient, account: AccountView) {
  queries.setQueryData(accountsQuery.queryKey, (known) => {
    if (!known) return undefined;
    const isKnown = known.items.some(({ id }) => id === account.id);
    return {
      items: isKnown
        ? known.items.map((one) => (one.id === account.id ? account : one))
        : [...known.items, account],
    };
  });
}

/** An account came in: its channel may have a credential more. */
export async function tookIn(queries: QueryClient, account: AccountView): Promise<void> {
  putAccount(queries, account);
  await refreshChannels(queries);
}
