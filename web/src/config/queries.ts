/** The lists of configured objects that pages look things up in: one page of 200 holds what most sites have in all. */
import { type QueryFunctionContext, queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Features } from "@/api/types";
import { meQuery } from "@/session/session";
import type { Page } from "@/table/list-query";
import type { Channel } from "./objects";

const most = { limit: 200 };

/** Whether the server answers at all: what is switched off is not asked for, and its list is empty. */
const isOn = ({ client }: QueryFunctionContext, feature: keyof Features) =>
  client.getQueryData(meQuery.queryKey)?.features[feature] !== false;

const none = { items: [] };

export const channelGroupsQuery = queryOptions({
  queryKey: ["groups", "all"],
  queryFn: async (context) =>
    isOn(context, "admin_channel_groups")
      ? api.get("/api/admin/channel-groups", { signal: context.signal, query: most })
      : none,
});

export const userGroupsQuery = queryOptions({
  queryKey: ["user-groups", "all"],
  queryFn: ({ signal }) => api.get("/api/admin/user-groups", { signal, query: most }),
});

export const channelsQuery = queryOptions({
  queryKey: ["channels", "all"],
  queryFn: async (context) =>
    isOn(context, "admin_channels")
      ? api.get<Page<Channel>>("/api/admin/channels", { signal: context.signal, query: most })
      : none,
});

/** How every channel is, in one answer. */
export const channelStatusQuery = queryOptions({
  queryKey: ["channels", "status"],
  queryFn: async (context) =>
    isOn(context, "admin_channels")
      ? api.get("/api/admin/channel-status", { signal: context.signal })
      : none,
});
