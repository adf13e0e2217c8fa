import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { NotificationView } from "@/api/types";
import { TimeAgo } from "@/components/value/time-ago";
import { formatExact } from "@/format/number";
import { type Column, timeWidth } from "@/table/column";
import { DeliveryState } from "./delivery-state";
import { useTargetName } from "./use-target-name";

export function useHistoryColumns(): readonly Column<NotificationView>[] {
  const { t, i18n } = useTranslation("notifications");
  const nameOf = useTargetName();
  const { language } = i18n;
  // biome-ignore lint/correctness/useExhaustiveDependencies: names depend on the language alone
  return useMemo((): readonly Column<NotificationView>[] => {
    const event = (sent: NotificationView) => t(`event.${sent.event}`);
    return [
      {
        id: "title",
        header: t("column.title"),
        cell: ({ title }) => <bdi data-raw="">{title}</bdi>,
        text: ({ title }) => title,
        width: 240,
        grows: true,
        isPrivate: true,
        card: "title",
      },
      {
        id: "state",
        header: t("column.state"),
        cell: ({ state }) => <DeliveryState state={state} />,
        text: ({ state }) => t(`state.${state}`),
        width: 120,
        card: "badge",
      },
      { id: "event", header: t("column.event"), cell: event, text: event, width: 170 },
      {
        id: "target",
        header: t("column.target"),
        cell: ({ target }) => <bdi data-raw="">{nameOf(target)}</bdi>,
        text: ({ target }) => nameOf(target),
        width: 150,
        card: "figure",
      },
      {
        id: "created_at",
        header: t("column.time"),
        cell: ({ created_at }) => <TimeAgo time={created_at} />,
        text: ({ created_at }) => created_at,
        width: timeWidth,
        card: "figure",
      },
      {
        id: "attempts",
        header: t("column.attempts"),
        cell: ({ attempts }) => formatExact(attempts, language),
        text: ({ attempts }) => String(attempts),
        width: 90,
        align: "end",
      },
      {
        id: "error",
        header: t("column.error"),
        help: t("column.error_help"),
        cell: ({ error }) => error !== undefined && <span data-raw="">{error}</span>,
        text: ({ error }) => error ?? "",
        width: 200,
      },
    ];
  }, [t, language]);
}
