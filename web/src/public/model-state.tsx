import { useTranslation } from "react-i18next";

import type { ModelState } from "@/api/types";
import { type Status, StatusBadge } from "@/components/ui/status-badge";

const statuses: Record<ModelState, Status> = {
  up: "ok",
  degraded: "degraded",
  down: "down",
  unknown: "unknown",
};

/** In the order in which they are offered. */
export const modelStates = Object.keys(statuses) as readonly ModelState[];

export function ModelStateBadge({ state }: { state: ModelState }) {
  const { t } = useTranslation("public");
  return <StatusBadge status={statuses[state]} word={t(`state.${state}`)} />;
}
