import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { TicketView } from "@/api/types";
import { Missing } from "@/components/value/missing";
import { Time } from "@/components/value/time-ago";
import { type Column, timeWidth } from "@/table/column";
import { OfficeState } from "./office-state";
import { waitedText } from "./waiting";
import { WaitingTime } from "./waiting-time";

export function useQueueColumns(): readonly Column<TicketView>[] {
  const { t } = useTranslation(["ticket_office", "tickets"]);
  return useMemo((): readonly Column<TicketView>[] => {
    const category = (ticket: TicketView) => t(`tickets:category.${ticket.category}`);
    return [
      {
        id: "waiting",
        header: t("ticket_office:column.waiting"),
        help: t("ticket_office:column.waiting_help"),
        cell: ({ state, moved_at }) =>
          state === "open" ? (
            <WaitingTime since={moved_at} />
          ) : (
            <Missing reason={t("ticket_office:waiting_none")} />
          ),
        text: ({ state, moved_at }) =>
          state === "open" ? (waitedText(Date.now() - Date.parse(moved_at)) ?? "") : "",
        width: 120,
        card: "figure",
      },
      {
        id: "subject",
        header: t("ticket_office:column.subject"),
        cell: ({ subject }) => <bdi data-raw="">{subject}</bdi>,
        text: ({ subject }) => subject,
        width: 320,
        grows: true,
        card: "title",
      },
      {
        id: "user",
        isPrivate: true,
        header: t("ticket_office:column.user"),
        cell: ({ username }) =>
          username === undefined ? (
            <Missing reason={t("ticket_office:user_gone")} />
          ) : (
            <bdi data-raw="">{username}</bdi>
          ),
        text: ({ username }) => username ?? "",
        width: 140,
        card: "figure",
      },
      {
        id: "category",
        header: t("ticket_office:column.category"),
        cell: category,
        text: category,
        width: 120,
      },
      {
        id: "state",
        header: t("ticket_office:column.state"),
        cell: ({ state }) => <OfficeState state={state} />,
        text: ({ state }) => t(`ticket_office:state.${state}`),
        width: 120,
        card: "badge",
      },
      {
        id: "assignee",
        isPrivate: true,
        header: t("ticket_office:column.assignee"),
        cell: ({ assignee }) =>
          assignee === undefined ? (
            <Missing reason={t("ticket_office:nobody")} />
          ) : (
            <bdi data-raw="">{assignee}</bdi>
          ),
        text: ({ assignee }) => assignee ?? "",
        width: 140,
      },
      {
        id: "moved_at",
        header: t("ticket_office:column.moved"),
        cell: ({ moved_at }) => <Time time={moved_at} />,
        text: ({ moved_at }) => moved_at,
        width: timeWidth,
      },
      {
        id: "created_at",
        header: t("ticket_office:column.created"),
        cell: ({ created_at }) => <Time time={created_at} />,
        text: ({ created_at }) => created_at,
        width: timeWidth,
        hidden: true,
      },
      {
        id: "id",
        header: t("ticket_office:column.id"),
        cell: ({ id }) => <code data-raw="">{id}</code>,
        text: ({ id }) => id,
        width: 180,
        hidden: true,
      },
    ];
  }, [t]);
}
