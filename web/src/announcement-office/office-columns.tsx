import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { SeverityBadge } from "@/announcements/severity-badge";
import { textFor } from "@/announcements/text-for";
import type { AdminAnnouncementView } from "@/api/types";
import { Time } from "@/components/value/time-ago";
import { formatExact } from "@/format/number";
import { type Column, timeWidth } from "@/table/column";
import { StateBadge } from "./state-badge";

export function useOfficeColumns(): readonly Column<AdminAnnouncementView>[] {
  const { t, i18n } = useTranslation(["announcement_office", "announcements"]);
  const { language } = i18n;
  return useMemo((): readonly Column<AdminAnnouncementView>[] => {
    const audience = ({ user_groups }: AdminAnnouncementView) =>
      user_groups.join(", ") || t("announcement_office:everyone");
    const asks = ({ pinned, must_acknowledge }: AdminAnnouncementView) =>
      [
        pinned && t("announcement_office:form.pinned"),
        must_acknowledge && t("announcement_office:form.must_acknowledge"),
      ]
        .filter((one) => one !== false)
        .join(" · ");
    return [
      {
        id: "state",
        header: t("announcement_office:column.state"),
        cell: ({ state }) => <StateBadge state={state} />,
        text: ({ state }) => t(`announcement_office:state.${state}`),
        width: 120,
        card: "badge",
      },
      {
        id: "severity",
        header: t("announcements:column.severity"),
        cell: ({ severity }) => <SeverityBadge severity={severity} />,
        text: ({ severity }) => t(`announcements:severity.${severity}`),
        width: 130,
      },
      {
        id: "title",
        header: t("announcements:column.title"),
        cell: ({ texts }) => {
          const { title, lang } = textFor(texts, language);
          return (
            <bdi data-raw="" lang={lang}>
              {title}
            </bdi>
          );
        },
        text: ({ texts }) => textFor(texts, language).title,
        width: 300,
        grows: true,
        card: "title",
      },
      {
        id: "audience",
        header: t("announcement_office:column.audience"),
        cell: (one) => (
          <span {...(one.user_groups.length > 0 && { "data-raw": "" })}>{audience(one)}</span>
        ),
        text: audience,
        width: 150,
      },
      {
        id: "publish_at",
        header: t("announcement_office:column.publishes"),
        cell: ({ publish_at }) => (
          <Time time={publish_at} missing={t("announcement_office:no_start")} />
        ),
        text: ({ publish_at }) => publish_at ?? "",
        width: timeWidth,
        card: "figure",
      },
      {
        id: "expires_at",
        header: t("announcement_office:column.expires"),
        cell: ({ expires_at }) => <Time time={expires_at} missing={t("announcements:no_end")} />,
        text: ({ expires_at }) => expires_at ?? "",
        width: timeWidth,
      },
      {
        id: "reads",
        header: t("announcement_office:column.reads"),
        help: t("announcement_office:column.reads_help"),
        cell: ({ reads }) => formatExact(reads, language),
        text: ({ reads }) => String(reads),
        width: 90,
        align: "end",
        card: "figure",
      },
      {
        id: "asks",
        header: t("announcement_office:column.asks"),
        cell: asks,
        text: asks,
        width: 220,
        hidden: true,
      },
      {
        id: "created_by",
        isPrivate: true,
        header: t("announcement_office:column.created_by"),
        cell: ({ created_by }) => <bdi data-raw="">{created_by}</bdi>,
        text: ({ created_by }) => created_by,
        width: 140,
        hidden: true,
      },
      {
        id: "updated_at",
        header: t("announcement_office:column.updated"),
        cell: ({ updated_at }) => <Time time={updated_at} />,
        text: ({ updated_at }) => updated_at,
        width: timeWidth,
        hidden: true,
      },
      {
        id: "id",
        header: t("announcement_office:column.id"),
        cell: ({ id }) => <code data-raw="">{id}</code>,
        text: ({ id }) => id,
        width: 180,
        hidden: true,
      },
    ];
  }, [t, language]);
}
