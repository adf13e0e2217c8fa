import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { CodeView } from "@/api/types";
import { type Status, StatusBadge } from "@/components/ui/status-badge";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { Time } from "@/components/value/time-ago";
import { type Column, timeWidth } from "@/table/column";

const statuses: Record<CodeView["status"], Status> = {
  active: "ok",
  used_up: "unknown",
  expired: "down",
  disabled: "disabled",
};

export function useCodeColumns(): readonly Column<CodeView>[] {
  const { t } = useTranslation("codes");
  return useMemo((): readonly Column<CodeView>[] => {
    const uses = ({ used, most_uses }: CodeView) => t("uses", { used, most: most_uses });
    return [
      {
        id: "batch",
        header: t("column.batch"),
        cell: ({ batch }) => <span data-raw="">{batch}</span>,
        text: ({ batch }) => batch,
        width: 200,
        grows: true,
        card: "title",
      },
      {
        id: "hint",
        isPrivate: true,
        header: t("column.hint"),
        help: t("column.hint_help"),
        cell: ({ hint }) => <code data-raw="">…{hint}</code>,
        text: ({ hint }) => hint,
        width: 110,
      },
      {
        id: "amount",
        header: t("column.amount"),
        help: t("column.amount_help"),
        cell: ({ amount_usd, plan }) =>
          plan === undefined ? <Money usd={amount_usd} /> : <code data-raw="">{plan}</code>,
        text: ({ amount_usd, plan }) => plan ?? amount_usd ?? "",
        width: 130,
        align: "end",
        card: "figure",
      },
      {
        id: "uses",
        header: t("column.uses"),
        cell: (code) => <span className="num">{uses(code)}</span>,
        text: uses,
        width: 110,
        align: "end",
      },
      {
        id: "status",
        header: t("column.status"),
        cell: ({ status }) => (
          <StatusBadge status={statuses[status]} word={t(`status.${status}`)} />
        ),
        text: ({ status }) => t(`status.${status}`),
        width: 120,
        card: "badge",
      },
      {
        id: "expires_at",
        header: t("column.expires"),
        cell: ({ expires_at }) =>
          expires_at === undefined ? <Missing reason={t("never")} /> : <Time time={expires_at} />,
        text: ({ expires_at }) => expires_at ?? "",
        width: timeWidth,
      },
      {
        id: "created_at",
        header: t("column.created"),
        cell: ({ created_at }) => <Time time={created_at} />,
        text: ({ created_at }) => created_at,
        width: timeWidth,
      },
      {
        id: "created_by",
        isPrivate: true,
        header: t("column.created_by"),
        cell: ({ created_by }) => <bdi data-raw="">{created_by}</bdi>,
        text: ({ created_by }) => created_by,
        width: 140,
        hidden: true,
      },
    ];
  }, [t]);
}
