/** Announcements for those who write them: what is asked about them, and what is done to them. */
import { queryOptions } from "@tanstack/react-query";

import { announcementsKey } from "@/announcements/queries";
import { api, path } from "@/api/client";
import type { AdminAnnouncementView, AnnouncementDraft, Items } from "@/api/types";

const address = "/api/admin/announcements";

/** Signs of a title, and of a text. */
export const longestTitle = 200;
export const longestBody = 8_000;

/** All of them, what changed last first. */
export const officeQuery = queryOptions({
  queryKey: announcementsKey("office"),
  queryFn: ({ signal }) => api.get<Items<AdminAnnouncementView>>(address, { signal }),
});

export const office = {
  make: (draft: AnnouncementDraft) => api.post<AdminAnnouncementView>(address, draft),
  /** Takes the place of all that was there. */
  change: (id: string, draft: AnnouncementDraft) =>
    api.put<AdminAnnouncementView>(`${address}${path`/${id}`}`, draft),
  remove: (id: string) => api.delete(`${address}${path`/${id}`}`),
};
