import { keepPreviousData, type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import type { Facet, Page } from "@/api/types";
import type { ListState } from "@/filter/list-state";
import type { Rows } from "./rows";

export type { Page };

/** What a list route is asked. */
export interface PageQuery {
  q?: string;
  filter?: string;
  sort?: string;
  cursor?: string;
  limit?: number;
}

type Asked = Pick<ListState, "q" | "filter" | "sort" | "cursor" | "setCursor">;

/**
 * The rows of a list route, page after page. `key` names the list and whatever else the answer depends on, such as
 * the bounds of time; words, filter, sort and first page are added here.
 */
export function useListQuery<Item>(options: {
  key: QueryKey;
  state: Asked;
  fetchPage: (query: PageQuery, signal: AbortSignal) => Promise<Page<Item>>;
  enabled?: boolean;
}): { rows: Rows<Item>; facets: readonly Facet[] } {
  const { key, state, fetchPage, enabled = true } = options;
  const asked = {
    ...(state.q !== "" && { q: state.q }),
    ...(state.filter !== "" && { filter: state.filter }),
    ...(state.sort !== undefined && { sort: state.sort }),
  };
  const query = useInfiniteQuery({
    queryKey: [...key, asked, state.cursor ?? null],
    queryFn: ({ pageParam, signal }) =>
      fetchPage({ ...asked, ...(pageParam !== undefined && { cursor: pageParam }) }, signal),
    initialPageParam: state.cursor,
    getNextPageParam: (page: Page<Item>) => page.next,
    placeholderData: keepPreviousData,
    enabled,
  });
  const { data, status, error, isFetching, isFetchingNextPage, hasNextPage } = query;
  const { fetchNextPage, refetch } = query;
  const items = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const total = data?.pages.at(-1)?.approx_total ?? data?.pages[0]?.approx_total;
  const rows: Rows<Item> = {
    items,
    status: status === "success" && error ? "error" : status,
    ...(error && { error }),
    isRefreshing: isFetching && !isFetchingNextPage && status === "success",
    ...(total !== undefined && { approxTotal: total }),
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage,
    loadMore: () => {
      if (!isFetching) void fetchNextPage();
    },
    retry: () => void (query.isFetchNextPageError ? fetchNextPage() : refetch()),
    ...(state.cursor !== undefined && { toFirst: () => state.setCursor(undefined) }),
  };
  return { rows, facets: data?.pages[0]?.facets ?? none };
}

const none: readonly Facet[] = [];
