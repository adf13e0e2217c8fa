import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { PublicStatus } from "@/api/types";
import { Strip } from "@/chart/strip";
import { Duration } from "@/components/value/duration";
import { Missing } from "@/components/value/missing";
import { formatShare } from "@/format/number";
import { ModelName } from "@/models/model-cells";
import type { Column } from "@/table/column";
import { ModelStateBadge } from "./model-state";

export function useStatusColumns(): readonly Column<PublicStatus>[] {
  const { t, i18n } = useTranslation(["public", "models"]);
  const { language } = i18n;
  return useMemo(
    (): readonly Column<PublicStatus>[] => [
      {
        id: "name",
        header: t("models:column.name"),
        cell: ({ name }) => <ModelName name={name} />,
        text: ({ name }) => name,
        width: 280,
        grows: true,
        sort: "asc",
        card: "title",
      },
      {
        id: "owner",
        header: t("models:column.owner"),
        cell: ({ owner }) => <bdi data-raw="">{owner}</bdi>,
        text: ({ owner }) => owner,
        width: 140,
        sort: "asc",
      },
      {
        id: "state",
        header: t("public:status.state"),
        cell: ({ state }) => <ModelStateBadge state={state} />,
        text: ({ state }) => t(`public:state.${state}`),
        width: 150,
        card: "badge",
      },
      {
        id: "ok_share",
        header: t("public:status.ok_share"),
        help: t("public:status.ok_share_help"),
        cell: ({ ok_share }) =>
          ok_share === undefined ? (
            <Missing reason={t("models:no_calls")} />
          ) : (
            <span className="num">{formatShare(ok_share, language)}</span>
          ),
        text: ({ ok_share }) => (ok_share === undefined ? "" : formatShare(ok_share, language)),
        width: 120,
        align: "end",
        card: "figure",
      },
      {
        id: "first_event",
        header: t("models:column.first_event"),
        help: t("public:status.first_event_help"),
        cell: ({ p50_first_event_us }) => (
          <Duration us={p50_first_event_us} missing={t("models:no_calls")} />
        ),
        text: ({ p50_first_event_us }) => String(p50_first_event_us ?? ""),
        width: 110,
        align: "end",
        card: "figure",
      },
      {
        id: "hours",
        header: t("models:column.health"),
        cell: ({ hours }) => <Strip label={t("public:status.hours")} hours={hours} />,
        width: 170,
      },
    ],
    [t, language],
  );
}
