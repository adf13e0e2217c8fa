import { createFileRoute, useParams } from "@tanstack/react-router";

import {
  channelGroupsQuery,
  channelStatusQuery,
  channelsQuery,
  userGroupsQuery,
} from "@/config/queries";
import { loadTexts } from "@/i18n";
import { UserGroupPage } from "@/user-groups/user-group-page";

export const Route = createFileRoute("/_app/admin/user-groups/$name")({
  loader: ({ context: { queryClient } }) => {
    void queryClient.prefetchQuery(userGroupsQuery);
    void queryClient.prefetchQuery(channelGroupsQuery);
    void queryClient.prefetchQuery(channelsQuery);
    void queryClient.prefetchQuery(channelStatusQuery);
    return loadTexts("user_groups", "routing", "trace");
  },
  component: OneUserGroup,
});

function OneUserGroup() {
  const { name } = useParams({ from: "/_app/admin/user-groups/$name" });
  return <UserGroupPage key={name} name={name} />;
}
