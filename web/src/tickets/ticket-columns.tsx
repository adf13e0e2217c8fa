import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { TicketView } from "@/api/types";
import { Time } from "@/components/value/time-ago";
import { type Column, timeWidth } from "@/table/column";
import { StateBadge } from "./state-badge";
import { Subject } from "./subject";

export function useTicketColumns(): readonly Column<TicketView>[] {
  const { t } = useTranslation("tickets");
  return useMemo(
    (): readonly Column<TicketView>[] => [
      {
        id: "subject",
        header: t("column.subject"),
        cell: (ticket) => <Subject ticket={ticket} />,
        text: ({ subject }) => subject,
        width: 320,
        grows: true,
        card: "title",
      },
      {
        id: "category",
        header: t("column.category"),
        cell: ({ category }) => t(`category.${category}`),
        text: ({ category }) => t(`category.${category}`),
        width: 140,
      },
      {
        id: "state",
        header: t("column.state"),
        cell: ({ state }) => <StateBadge state={state} />,
        text: ({ state }) => t(`state.${state}`),
        width: 150,
        card: "badge",
      },
      {
        id: "moved_at",
        header: t("column.moved"),
        cell: ({ moved_at }) => <Time time={moved_at} />,
        text: ({ moved_at }) => moved_at,
        width: timeWidth,
        card: "figure",
      },
      {
        id: "created_at",
        header: t("column.created"),
        cell: ({ created_at }) => <Time time={created_at} />,
        text: ({ created_at }) => created_at,
        width: timeWidth,
        hidden: true,
      },
      {
        id: "id",
        header: t("column.id"),
        cell: ({ id }) => <code data-raw="">{id}</code>,
        text: ({ id }) => id,
        width: 180,
        hidden: true,
      },
    ],
    [t],
  );
}
