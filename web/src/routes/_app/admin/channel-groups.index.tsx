import { createFileRoute } from "@tanstack/react-router";

import { GroupsPage } from "@/channel-groups/groups-page";
import {
  channelGroupsQuery,
  channelStatusQuery,
  channelsQuery,
  userGroupsQuery,
} from "@/config/queries";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/admin/channel-groups/")({
  loader: ({ context: { queryClient } }) => {
    void queryClient.prefetchQuery(channelGroupsQuery);
    void queryClient.prefetchQuery(channelsQuery);
    void queryClient.prefetchQuery(userGroupsQuery);
    void queryClient.prefetchQuery(channelStatusQuery);
    return loadTexts("groups", "table", "trace");
  },
  component: GroupsPage,
});
