import { createFileRoute, useParams } from "@tanstack/react-router";

import { GroupPage } from "@/channel-groups/group-page";
import { channelGroupsQuery, channelsQuery, userGroupsQuery } from "@/config/queries";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/admin/channel-groups/$name")({
  loader: ({ context: { queryClient } }) => {
    void queryClient.prefetchQuery(channelGroupsQuery);
    void queryClient.prefetchQuery(channelsQuery);
    void queryClient.prefetchQuery(userGroupsQuery);
    return loadTexts("groups", "routing", "trace");
  },
  component: OneGroup,
});

function OneGroup() {
  const { name } = useParams({ from: "/_app/admin/channel-groups/$name" });
  return <GroupPage key={name} name={name} />;
}
