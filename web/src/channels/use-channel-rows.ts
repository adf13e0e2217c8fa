import { useEffect, useMemo } from "react";

import type { ChannelView } from "@/api/types";
import { mostItems } from "@/batch/batch";
import { allOf, matching } from "@/batch/queries";
import { type ListState, listStateOf } from "@/filter/list-state";
import { useListQuery } from "@/table/list-query";
import type { Rows } from "@/table/rows";
import type { ChannelRow } from "./channel";
import { meets, split } from "./channel-fields";
import { fetchChannels, useChannelStatus } from "./queries";

export const channelDefaults = { sort: "-priority" };

const key = ["channels", "list"];

/** The list as it is where nothing narrows it: the table asks the same. */
const everything = listStateOf({}, () => undefined, channelDefaults);

/** The channels of the list with how they are. What the server does not know to filter by is judged here. */
export function useChannelRows(state: ListState) {
  const { filter, own } = useMemo(() => split(state.terms), [state.terms]);
  const { rows, facets } = useListQuery<ChannelView>({
    key,
    state: { ...state, filter },
    fetchPage: fetchChannels,
  });
  const { byName, isPending } = useChannelStatus();
  const items = useMemo(
    () =>
      rows.items
        .map((channel): ChannelRow => ({ channel, status: byName.get(channel.name) }))
        .filter((row) => meets(row, own)),
    [rows.items, byName, own],
  );
  const isJudged = own.length > 0;
  // Where nothing of the pages so far is meant, what is meant may still come.
  const { hasMore } = rows;
  const wantsMore = isJudged && items.length === 0 && hasMore && rows.status === "success";
  useMore(rows, wantsMore);
  const shown: Rows<ChannelRow> = {
    ...rows,
    items,
    ...(isJudged && !hasMore && { approxTotal: items.length }),
    ...(isJudged && (isPending || wantsMore) && rows.status === "success" && { status: "pending" }),
  };
  /** All that match, as many as can be dealt with at once. */
  const allChannels = (signal: AbortSignal) =>
    allOf({
      query: matching({ ...state, filter }),
      fetchPage: fetchChannels,
      isMeant: (channel) => meets({ channel, status: byName.get(channel.name) }, own),
      most: mostItems,
      signal,
    });
  return { rows: shown, facets, allChannels };
}

/** All channels there are, page after page, from the same answers as the table. */
export function useEveryChannel(): Rows<ChannelView> {
  const { rows } = useListQuery<ChannelView>({ key, state: everything, fetchPage: fetchChannels });
  useMore(rows, rows.status === "success");
  return rows;
}

/** Loads the next page as long as it is wanted. */
export function useMore(
  {
    hasMore,
    isLoadingMore,
    loadMore,
  }: Pick<Rows<unknown>, "hasMore" | "isLoadingMore" | "loadMore">,
  isWanted: boolean,
) {
  const loads = isWanted && hasMore && !isLoadingMore;
  useEffect(() => {
    if (loads) loadMore();
  }, [loads, loadMore]);
}
