import { createFileRoute } from "@tanstack/react-router";

import { ChannelsPage } from "@/channels/channels-page";
import { channelsSearch } from "@/channels/channels-search";
import { channelStatusQuery } from "@/channels/queries";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/admin/channels/")({
  validateSearch: channelsSearch,
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(channelStatusQuery);
    return loadTexts("channels", "limits", "trace", "filter", "table", "chart", "batch");
  },
  component: ChannelsPage,
});
