import { useTranslation } from "react-i18next";

import type { AnnouncementState } from "@/api/types";
import { type Status, StatusBadge } from "@/components/ui/status-badge";

const statuses: Record<AnnouncementState, Status> = {
  draft: "unknown",
  scheduled: "cooling",
  live: "ok",
  expired: "disabled",
};

/** Whether people see it. */
export function StateBadge({ state }: { state: AnnouncementState }) {
  const { t } = useTranslation("announcement_office");
  return <StatusBadge status={statuses[state]} word={t(`state.${state}`)} />;
}
