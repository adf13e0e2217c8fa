import { createFileRoute } from "@tanstack/react-router";

import { channelGroupsQuery, userGroupsQuery } from "@/config/queries";
import { loadTexts } from "@/i18n";
import { userCountsQuery } from "@/user-groups/queries";
import { UserGroupsPage } from "@/user-groups/user-groups-page";

export const Route = createFileRoute("/_app/admin/user-groups/")({
  loader: ({ context: { queryClient } }) => {
    void queryClient.prefetchQuery(userGroupsQuery);
    void queryClient.prefetchQuery(channelGroupsQuery);
    void queryClient.prefetchQuery(userCountsQuery);
    return loadTexts("user_groups", "table");
  },
  component: UserGroupsPage,
});
