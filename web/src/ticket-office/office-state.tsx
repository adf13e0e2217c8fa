import { useTranslation } from "react-i18next";
import type { TicketState } from "@/api/types";
import { type Status, StatusBadge } from "@/components/ui/status-badge";

const statuses: Record<TicketState, Status> = {
  open: "degraded",
  answered: "cooling",
  closed: "disabled",
};

/** Whose turn it is, as those who run the site see it. */
export function OfficeState({ state }: { state: TicketState }) {
  const { t } = useTranslation("ticket_office");
  return <StatusBadge status={statuses[state]} word={t(`state.${state}`)} />;
}
