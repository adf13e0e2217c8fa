import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { api, path } from "@/api/client";
import type { Channel, ChannelGroup } from "@/config/objects";
import { channelGroupsQuery, channelsQuery, userGroupsQuery } from "@/config/queries";
import { tagOf } from "@/config/tag";
import { type GroupNode, treeOf } from "./tree";

/** What can be written of a group. What is left out stays. */
export interface GroupChange {
  multiplier?: string;
  /** `""`: none. */
  parent?: string;
  priority?: number;
  enabled?: boolean;
  /** The name of a channel; `""`: none. */
  pinned?: string;
}

/** The API keys that name a group themselves: a few of them, and how many there are. */
export const keysOfGroupQuery = (name: string) =>
  queryOptions({
    queryKey: ["groups", "keys", name],
    queryFn: ({ signal }) =>
      api.get("/api/admin/api-keys", {
        signal,
        query: { filter: `channel_group:"${name}"`, limit: 5 },
      }),
  });

export const groups = {
  put: (name: string, change: GroupChange, ifMatch?: string) =>
    api.put<ChannelGroup>(
      path`/api/admin/channel-groups/${name}`,
      { name, ...change },
      { ...(ifMatch !== undefined && { ifMatch }) },
    ),
  /** Changes a group that still is what was seen. */
  async change(seen: ChannelGroup, change: GroupChange): Promise<void> {
    const etag = await tagOf(path`/api/admin/channel-groups/${seen.name}`, seen);
    await groups.put(seen.name, change, etag);
  },
  remove: (name: string) => api.delete(path`/api/admin/channel-groups/${name}`),
  /** Puts a channel into a group or takes it out, on top of whatever else was changed about it meanwhile. */
  async setMember(group: string, channel: string, isMember: boolean): Promise<void> {
    const address = path`/api/admin/channels/${channel}`;
    const { value, etag } = await api.getTagged<Channel>(address);
    const others = (value.groups ?? []).filter((name) => name !== group);
    const next = isMember ? [...others, group] : others;
    await api.put(
      address,
      { name: value.name, groups: next },
      { ...(etag !== undefined && { ifMatch: etag }) },
    );
  },
};

/** Everything that shows groups or their members is asked anew. */
export async function refreshGroups(queries: QueryClient): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ["groups"] }),
    queries.invalidateQueries({ queryKey: ["channels"] }),
  ]);
}

/** The tree of all groups. It stands once the groups are there; members and users join as they come. */
export function useTree() {
  const groupList = useQuery(channelGroupsQuery);
  const channels = useQuery(channelsQuery);
  const userGroups = useQuery(userGroupsQuery);
  const nodes = useMemo(
    (): GroupNode[] =>
      treeOf(groupList.data?.items ?? [], channels.data?.items ?? [], userGroups.data?.items ?? []),
    [groupList.data, channels.data, userGroups.data],
  );
  const parts = [groupList, channels, userGroups];
  return {
    nodes,
    channels: channels.data?.items ?? noChannels,
    isPending: parts.some((part) => part.isPending && !part.error),
    error: parts.find((part) => part.error && !part.data)?.error ?? undefined,
    refetch: () => {
      for (const part of parts) if (part.error) void part.refetch();
    },
  };
}

const noChannels: readonly Channel[] = [];
