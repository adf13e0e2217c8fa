import { useTranslation } from "react-i18next";

import type { OrderView } from "@/api/types";
import { type Status, StatusBadge } from "@/components/ui/status-badge";

const statuses: Record<OrderView["state"], Status> = {
  pending: "cooling",
  paid: "ok",
  cancelled: "disabled",
  rejected: "down",
  expired: "disabled",
  refunded: "unknown",
};

/** How far an order is, and for operators why somebody must look at it. */
export function OrderState({ order }: { order: Pick<OrderView, "state" | "office"> }) {
  const { t } = useTranslation("shop");
  const { state, office } = order;
  const attention = office?.attention;
  return (
    <StatusBadge
      status={statuses[state]}
      word={t(`state.${state}`)}
      {...(attention !== undefined && {
        detail: <span className="text-warn">{t(`attention.${attention}`)}</span>,
      })}
    />
  );
}
