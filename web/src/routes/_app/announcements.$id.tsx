import { createFileRoute, useParams } from "@tanstack/react-router";

import { AnnouncementPage } from "@/announcements/announcement-page";
import { loadTexts } from "@/i18n";

export const Route = createFileRoute("/_app/announcements/$id")({
  loader: () => loadTexts("announcements"),
  component: OneAnnouncement,
});

function OneAnnouncement() {
  const { id } = useParams({ from: "/_app/announcements/$id" });
  return <AnnouncementPage key={id} id={id} />;
}
