/** Announcements as everybody reads them: what is asked about them, and what is told of the reading. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { AnnouncementView, Items } from "@/api/types";
import { meQuery } from "@/session/session";

const address = "/api/announcements";

/** Below it lies everything that is known of announcements, from either side. */
const key = ["announcements"] as const;

export const announcementsKey = (side: "mine" | "office") => [...key, side] as const;

/** Those the reader is to see: pinned ones first, then the newest. */
export const announcementsQuery = queryOptions({
  queryKey: announcementsKey("mine"),
  queryFn: ({ signal }) => api.get<Items<AnnouncementView>>(address, { signal }),
});

export const announcements = {
  read: (id: string) => api.post(`${address}${path`/${id}/read`}`),
  readAll: () => api.post(`${address}/read`),
};

/** The lists, and what `me` says is unread. */
export const refreshAnnouncements = (queries: QueryClient) =>
  Promise.all([
    queries.invalidateQueries({ queryKey: key }),
    queries.invalidateQueries({ queryKey: meQuery.queryKey }),
  ]);
