/** The lists of configured objects that pages look things up in: one page of 200 holds what most sites have in all. */
import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Page } from "@/table/list-query";
import type { Channel } from "./objects";

const most = { limit: 200 };

export const channelGroupsQuery = queryOptions({
  queryKey: ["groups", "all"],
  queryFn: ({ signal }) => api.get("/api/admin/channel-groups", { signal, query: most }),
});

export const userGroupsQuery = queryOptions({
  queryKey: ["user-groups", "all"],
  queryFn: ({ signal }) => api.get("/api/admin/user-groups", { signal, query: most }),
});

export const channelsQuery = queryOptions({
  queryKey: ["channels", "all"],
  queryFn: ({ signal }) => api.get<Page<Channel>>("/api/admin/channels", { signal, query: most }),
});

/** How every channel is, in one answer. */
export const channelStatusQuery = queryOptions({
  queryKey: ["channels", "status"],
  queryFn: ({ signal }) => api.get("/api/admin/channel-status", { signal }),
});
