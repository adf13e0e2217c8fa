import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AnnouncementView } from "@/api/types";
import { Time } from "@/components/value/time-ago";
import { type Column, timeWidth } from "@/table/column";
import { SeverityBadge } from "./severity-badge";
import { textFor } from "./text-for";
import { Title } from "./title";

export function useAnnouncementColumns(): readonly Column<AnnouncementView>[] {
  const { t, i18n } = useTranslation("announcements");
  const { language } = i18n;
  return useMemo(
    (): readonly Column<AnnouncementView>[] => [
      {
        id: "severity",
        header: t("column.severity"),
        cell: ({ severity }) => <SeverityBadge severity={severity} />,
        text: ({ severity }) => t(`severity.${severity}`),
        width: 130,
        card: "badge",
      },
      {
        id: "title",
        header: t("column.title"),
        cell: (announcement) => <Title announcement={announcement} />,
        text: ({ texts }) => textFor(texts, language).title,
        width: 360,
        grows: true,
        card: "title",
      },
      {
        id: "published_at",
        header: t("column.published"),
        cell: ({ published_at }) => <Time time={published_at} />,
        text: ({ published_at }) => published_at,
        width: timeWidth,
        card: "figure",
      },
      {
        id: "expires_at",
        header: t("column.expires"),
        cell: ({ expires_at }) => <Time time={expires_at} missing={t("no_end")} />,
        text: ({ expires_at }) => expires_at ?? "",
        width: timeWidth,
        hidden: true,
      },
    ],
    [t, language],
  );
}
