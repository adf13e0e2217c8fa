import { useNavigate, useSearch } from "@tanstack/react-router";

import { type QueueSearch, queueSearch } from "./queue-search";

/** Whether the canned replies are open, and how to open and close them: Back closes. */
export function useCannedSheet() {
  const navigate = useNavigate();
  const { canned: isOpen = false } = queueSearch(useSearch({ strict: false }));
  const show = (is: boolean) =>
    void navigate({
      to: ".",
      search: (({ canned: _, ...rest }: QueueSearch) => ({
        ...rest,
        ...(is && { canned: true }),
      })) as never,
      resetScroll: false,
    });
  return { isOpen, show };
}
