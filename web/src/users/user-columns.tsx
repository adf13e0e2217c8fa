import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { UserRow } from "@/api/types";
import { StatusBadge } from "@/components/ui/status-badge";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { Time, TimeAgo } from "@/components/value/time-ago";
import { Tokens } from "@/components/value/tokens";
import { type Column, timeWidth } from "@/table/column";

export function useUserColumns(): readonly Column<UserRow>[] {
  const { t } = useTranslation(["users", "shell"]);
  return useMemo(
    (): readonly Column<UserRow>[] => [
      {
        id: "username",
        isPrivate: true,
        header: t("users:column.username"),
        cell: ({ username }) => <bdi data-raw="">{username}</bdi>,
        text: ({ username }) => username,
        width: 160,
        grows: true,
        sort: "asc",
        card: "title",
      },
      {
        id: "email",
        isPrivate: true,
        header: t("users:column.email"),
        cell: ({ email }) =>
          email === undefined ? (
            <Missing reason={t("users:no_email")} />
          ) : (
            <bdi data-raw="">{email}</bdi>
          ),
        text: ({ email }) => email ?? "",
        width: 200,
      },
      {
        id: "role",
        header: t("users:column.role"),
        cell: ({ role }) => t(`shell:role.${role}`),
        text: ({ role }) => role,
        width: 90,
      },
      {
        id: "user_group",
        header: t("users:column.user_group"),
        cell: ({ user_group }) => <bdi data-raw="">{user_group}</bdi>,
        text: ({ user_group }) => user_group,
        width: 120,
      },
      {
        id: "status",
        header: t("users:column.status"),
        cell: ({ enabled }) => (
          <StatusBadge
            status={enabled ? "ok" : "disabled"}
            word={t(`users:status.${enabled ? "enabled" : "disabled"}`)}
          />
        ),
        text: ({ enabled }) => t(`users:status.${enabled ? "enabled" : "disabled"}`),
        width: 110,
        card: "badge",
      },
      {
        id: "today",
        header: t("users:column.today"),
        cell: ({ today }) => <Money usd={today.cost_usd} />,
        text: ({ today }) => today.cost_usd,
        width: 110,
        align: "end",
        card: "figure",
      },
      {
        id: "spend",
        header: t("users:column.spend"),
        cell: ({ last_30d }) => <Money usd={last_30d.cost_usd} />,
        text: ({ last_30d }) => last_30d.cost_usd,
        width: 120,
        align: "end",
        sort: "desc",
        card: "figure",
      },
      {
        id: "calls",
        header: t("users:column.calls"),
        cell: ({ last_30d }) => <Tokens count={last_30d.calls} />,
        text: ({ last_30d }) => String(last_30d.calls),
        width: 110,
        align: "end",
      },
      {
        id: "keys",
        header: t("users:column.keys"),
        cell: ({ keys }) => <span className="num">{keys}</span>,
        text: ({ keys }) => String(keys),
        width: 90,
        align: "end",
      },
      {
        id: "last_seen",
        header: t("users:column.last_seen"),
        cell: ({ last_seen_at }) => <TimeAgo time={last_seen_at} missing={t("users:never")} />,
        text: ({ last_seen_at }) => last_seen_at ?? "",
        width: 130,
      },
      {
        id: "created_at",
        header: t("users:column.created"),
        cell: ({ created_at }) => <Time time={created_at} />,
        text: ({ created_at }) => created_at,
        width: timeWidth,
        sort: "desc",
      },
    ],
    [t],
  );
}
