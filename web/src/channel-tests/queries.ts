/** What is asked about tests that were made. */
import { useInfiniteQuery } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { ChannelTestView, Page } from "@/api/types";

/** A schedule or a probe brings new ones while one looks. */
const freshMs = 30_000;

export const channelTestsKey = ["channels", "tests"] as const;

/** How tests of a channel went, newest first, page after page. */
export const useChannelTests = (name: string) =>
  useInfiniteQuery({
    queryKey: [...channelTestsKey, name],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<ChannelTestView>>(path`/api/admin/channels/${name}/tests`, {
        signal,
        query: { limit: 50, ...(pageParam !== undefined && { cursor: pageParam }) },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Page<ChannelTestView>) => page.next,
    refetchInterval: freshMs,
  });
