import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import type { ChannelStatus } from "@/api/types";
import { channelStatusQuery } from "@/config/queries";
import { useRefresh } from "@/live/use-refresh";

/** How each channel is, by its name; empty until it is known. */
export function useStatuses(): ReadonlyMap<string, ChannelStatus> {
  const { data } = useQuery(channelStatusQuery);
  useRefresh(["health"], channelStatusQuery.queryKey);
  return useMemo(() => new Map(data?.items.map((one) => [one.channel, one])), [data]);
}
