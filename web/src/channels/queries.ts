/** What is asked about channels, and what is done to them. */
import {
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type {
  ChannelDraft,
  ChannelKind,
  ChannelStatus,
  ChannelView,
  Dialect,
  Items,
  UpstreamModels,
} from "@/api/types";
import { channelStatusQuery as statusQuery } from "@/config/queries";
import { useLive } from "@/live/use-live";
import type { Page, PageQuery } from "@/table/list-query";

/** One page holds what most sites have in all. */
const pageSize = 200;
const statusMs = 30_000;
const catalogueMs = 5 * 60_000;

export interface Base {
  kind: ChannelKind;
  base_url: string;
  dialects?: readonly Dialect[];
}

export const fetchChannels = (page: PageQuery, signal: AbortSignal): Promise<Page<ChannelView>> =>
  api.get<Page<ChannelView>>("/api/admin/channels", {
    signal,
    query: { ...page, limit: pageSize },
  });

/** All there are, for what must be told of the others; the first page of them where there are very many. */
export const allChannelsQuery = queryOptions({
  queryKey: ["channels", "all"],
  queryFn: ({ signal }) => fetchChannels({}, signal),
});

/** How every channel is, in one answer, kept fresh. */
export const channelStatusQuery = queryOptions({
  ...statusQuery,
  refetchInterval: statusMs,
  placeholderData: keepPreviousData,
});

export const channelQuery = (name: string) =>
  queryOptions({
    queryKey: ["channels", "one", name],
    queryFn: ({ signal }) =>
      api.getTagged<ChannelView>(path`/api/admin/channels/${name}`, { signal }),
  });

/** What the vendor of a saved channel lists now. */
export const upstreamModelsQuery = (name: string) =>
  queryOptions({
    queryKey: ["channels", "upstream", name],
    queryFn: ({ signal }) =>
      api.get<UpstreamModels>(path`/api/admin/channels/${name}/upstream-models`, { signal }),
    staleTime: catalogueMs,
    retry: false,
  });

export const resolvedQuery = (base: Base) =>
  queryOptions({
    queryKey: ["channels", "resolved", base],
    queryFn: ({ signal }) => api.post("/api/admin/channels/resolve", base, { signal }),
    staleTime: 60_000,
    retry: false,
    placeholderData: keepPreviousData,
  });

export const channels = {
  detect: (text: string) => api.post("/api/admin/channels/detect", { text }),
  upstreamModels: (vendor: { kind: ChannelKind; base_url: string; key: string }) =>
    api.post("/api/admin/channels/upstream-models", vendor),
  /** Makes a channel; a name that is there already is a conflict. */
  make: (name: string, draft: ChannelDraft) =>
    api.put<ChannelView>(
      path`/api/admin/channels/${name}`,
      { name, ...draft },
      { headers: { "if-none-match": "*" } },
    ),
  change: (name: string, draft: ChannelDraft, ifMatch?: string) =>
    api.put<ChannelView>(path`/api/admin/channels/${name}`, { name, ...draft }, { ifMatch }),
  remove: (name: string) => api.delete(path`/api/admin/channels/${name}`),
  /** Ends every rest of the channel and its parts. */
  wake: (name: string) => api.post<ChannelStatus>(path`/api/admin/channels/${name}/wake`, {}),
};

export const refreshChannels = (queries: QueryClient) =>
  queries.invalidateQueries({
    queryKey: ["channels"],
    // What vendors list does not change with our channels, and asking costs a call to them.
    predicate: ({ queryKey }) => queryKey[1] !== "upstream" && queryKey[1] !== "resolved",
  });

/** How every channel is, by name, kept up to date while one looks. */
export function useChannelStatus(): {
  byName: ReadonlyMap<string, ChannelStatus>;
  error: unknown;
  isPending: boolean;
} {
  const queries = useQueryClient();
  const { data, error, isPending } = useQuery({
    ...channelStatusQuery,
    select: indexed,
  });
  useLive(["health"], ({ event, data: text }) => {
    if (event === "lag") void queries.invalidateQueries(channelStatusQuery);
    if (event === "health") putStatus(queries, JSON.parse(text) as ChannelStatus);
  });
  return { byName: data ?? nobody, error, isPending };
}

/** The state of one channel in place of what was known of it. */
export function putStatus(queries: QueryClient, status: ChannelStatus) {
  queries.setQueryData(channelStatusQuery.queryKey, (known) => {
    const others = known?.items.filter(({ channel }) => channel !== status.channel);
    return others && { items: [...others, status] };
  });
}

const nobody: ReadonlyMap<string, ChannelStatus> = new Map();
const indexed = ({ items }: Items<ChannelStatus>): ReadonlyMap<string, ChannelStatus> =>
  new Map(items.map((status) => [status.channel, status]));
