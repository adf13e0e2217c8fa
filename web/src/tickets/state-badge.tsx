import { useTranslation } from "react-i18next";
import type { TicketState } from "@/api/types";
import { type Status, StatusBadge } from "@/components/ui/status-badge";

const statuses: Record<TicketState, Status> = {
  open: "cooling",
  answered: "degraded",
  closed: "disabled",
};

/** Whose turn it is, as who asked sees it. */
export function StateBadge({ state }: { state: TicketState }) {
  const { t } = useTranslation("tickets");
  return <StatusBadge status={statuses[state]} word={t(`state.${state}`)} />;
}
