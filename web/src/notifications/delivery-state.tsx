import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { NotificationView } from "@/api/types";
import { type Status, StatusBadge } from "@/components/ui/status-badge";

const statuses: Record<NotificationView["state"], Status> = {
  waiting: "cooling",
  sent: "ok",
  failed: "down",
};

/** Whether a notification is where it goes. */
export function DeliveryState(props: { state: NotificationView["state"]; detail?: ReactNode }) {
  const { t } = useTranslation("notifications");
  const { state, detail } = props;
  return (
    <StatusBadge
      status={statuses[state]}
      word={t(`state.${state}`)}
      {...(detail !== undefined && { detail })}
    />
  );
}
