import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { AnnouncementView } from "@/api/types";
import { announcements, refreshAnnouncements } from "./queries";

/** Whoever opens an announcement has read it: said once, and then the lists and the bell know it. */
export function useSeen({ id, read }: Pick<AnnouncementView, "id" | "read">): void {
  const queries = useQueryClient();
  const said = useRef(false);
  useEffect(() => {
    if (read || said.current) return;
    said.current = true;
    announcements.read(id).then(
      () => refreshAnnouncements(queries),
      () => undefined, // it stays unread, which is no reason to disturb whoever reads it
    );
  }, [id, read, queries]);
}
