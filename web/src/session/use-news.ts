import type { MyAnnouncements } from "@/api/types";
import { useMe } from "./use-me";

/** What of the announcements the reader has not read; nothing where there are none on this site. */
export const useNews = (): MyAnnouncements | undefined => useMe().announcements;
