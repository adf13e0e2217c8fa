import { useTranslation } from "react-i18next";

import { type Status, StatusBadge } from "@/components/ui/status-badge";
import type { ModelState } from "./types";

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
