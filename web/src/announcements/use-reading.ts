import { useQueryClient } from "@tanstack/react-query";

import { useAttempt } from "@/form/use-attempt";
import { announcements, refreshAnnouncements } from "./queries";

/** Says that an announcement was read, with what kept it from being said. */
export function useReading(id: string) {
  const queries = useQueryClient();
  const { busy, error, attempt } = useAttempt();
  const read = () =>
    attempt(async () => {
      try {
        await announcements.read(id);
      } finally {
        // Also when it was refused: what ended in the meantime asks nobody any more.
        await refreshAnnouncements(queries);
      }
    });
  return { busy, error, read };
}
