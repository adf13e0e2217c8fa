import { useTranslation } from "react-i18next";

import type { SubscriptionView } from "@/api/types";
import { type Status, StatusBadge } from "@/components/ui/status-badge";

const statuses: Record<SubscriptionView["state"], Status> = {
  running: "ok",
  scheduled: "cooling",
  ended: "disabled",
  revoked: "down",
};

/** How time of a plan stands. */
export function HeldState({ state }: { state: SubscriptionView["state"] }) {
  const { t } = useTranslation("plans");
  return <StatusBadge status={statuses[state]} word={t(`state.${state}`)} />;
}
