import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { NotificationTargetView } from "@/api/types";
import { StatusBadge } from "@/components/ui/status-badge";
import { Missing } from "@/components/value/missing";
import { Time, TimeAgo } from "@/components/value/time-ago";
import { languageNames } from "@/i18n";
import { type Column, timeWidth } from "@/table/column";
import { DeliveryState } from "./delivery-state";

export function useTargetColumns(): readonly Column<NotificationTargetView>[] {
  const { t } = useTranslation("notifications");
  return useMemo((): readonly Column<NotificationTargetView>[] => {
    const state = ({ enabled }: NotificationTargetView) => t(`state.${enabled ? "on" : "off"}`);
    const kind = (target: NotificationTargetView) => t(`kind.${target.kind}`);
    return [
      {
        id: "name",
        header: t("column.name"),
        cell: ({ name }) => <bdi data-raw="">{name}</bdi>,
        text: ({ name }) => name,
        width: 180,
        card: "title",
      },
      {
        id: "state",
        header: t("column.state"),
        cell: (target) => (
          <StatusBadge status={target.enabled ? "ok" : "disabled"} word={state(target)} />
        ),
        text: state,
        width: 120,
        card: "badge",
      },
      { id: "kind", header: t("column.kind"), cell: kind, text: kind, width: 120, card: "figure" },
      {
        id: "hint",
        header: t("column.hint"),
        cell: ({ hint }) => <bdi data-raw="">{hint}</bdi>,
        text: ({ hint }) => hint,
        width: 200,
        isPrivate: true,
      },
      {
        id: "last",
        header: t("column.last"),
        help: t("column.last_help"),
        cell: ({ last }) =>
          last === undefined ? (
            <Missing reason={t("never_sent")} />
          ) : (
            <DeliveryState
              state={last.state}
              detail={
                <>
                  <TimeAgo time={last.at} />
                  {last.error !== undefined && (
                    <span data-raw="" className="ml-2">
                      {last.error}
                    </span>
                  )}
                </>
              }
            />
          ),
        text: ({ last }) =>
          last === undefined
            ? t("never_sent")
            : [t(`state.${last.state}`), last.at, last.error ?? ""].join(" ").trim(),
        width: 260,
        grows: true,
      },
      {
        id: "language",
        header: t("column.language"),
        cell: ({ language }) => <span lang={language}>{languageNames[language]}</span>,
        text: ({ language }) => languageNames[language],
        width: 100,
        hidden: true,
      },
      {
        id: "created_at",
        header: t("column.created"),
        cell: ({ created_at }) => <Time time={created_at} />,
        text: ({ created_at }) => created_at,
        width: timeWidth,
        hidden: true,
      },
    ];
  }, [t]);
}
