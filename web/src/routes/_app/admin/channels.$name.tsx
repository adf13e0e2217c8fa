import { createFileRoute, useParams } from "@tanstack/react-router";

import { ChannelPage } from "@/channels/channel-page";
import { channelSearch } from "@/channels/channels-search";
import { channelQuery, channelStatusQuery } from "@/channels/queries";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/admin/channels/$name")({
  validateSearch: channelSearch,
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(channelQuery(params.name));
    void context.queryClient.prefetchQuery(channelStatusQuery);
    return loadTexts("channels", "limits", "trace", "chart");
  },
  component: OneChannel,
});

function OneChannel() {
  const { name } = useParams({ from: "/_app/admin/channels/$name" });
  return <ChannelPage name={name} />;
}
