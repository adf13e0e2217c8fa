import { createFileRoute } from "@tanstack/react-router";

import { channelGroupsQuery, userGroupsQuery } from "@/config/queries";
import { OverviewTab } from "@/users/overview-tab";
import { userQuery } from "@/users/queries";

export const Route = createFileRoute("/_app/admin/users/$name/")({
  loader: ({ context: { queryClient }, params: { name } }) => {
    void queryClient.prefetchQuery(userQuery(name));
    void queryClient.prefetchQuery(userGroupsQuery);
    void queryClient.prefetchQuery(channelGroupsQuery);
  },
  component: OverviewTab,
});
