import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { SubscriptionView } from "@/api/types";
import { plain } from "@/channel-groups/multiplier";
import { type Status, StatusBadge } from "@/components/ui/status-badge";
import { Missing } from "@/components/value/missing";
import { Time } from "@/components/value/time-ago";
import { type Column, timeWidth } from "@/table/column";
import { useWindowsText, WindowUses } from "./window-uses";

const statuses: Record<SubscriptionView["state"], Status> = {
  running: "ok",
  scheduled: "cooling",
  ended: "disabled",
  revoked: "down",
};

export function useSubscriptionColumns(): readonly Column<SubscriptionView>[] {
  const { t } = useTranslation("subscriptions");
  const windowsText = useWindowsText();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text of windows changes with the language, as `t` does
  return useMemo((): readonly Column<SubscriptionView>[] => {
    const source = ({ order_id }: SubscriptionView) => order_id ?? t("given");
    return [
      {
        id: "user",
        isPrivate: true,
        header: t("column.user"),
        cell: ({ username, user_id }) =>
          username === undefined ? (
            <span title={t("user_gone")} className="text-fg-3">
              <code data-raw="">{user_id}</code>
            </span>
          ) : (
            <bdi data-raw="">{username}</bdi>
          ),
        text: ({ username, user_id }) => username ?? user_id ?? "",
        width: 150,
        card: "title",
      },
      {
        id: "plan",
        header: t("column.plan"),
        cell: ({ plan, plan_code }) =>
          plan === undefined ? (
            <Missing reason={t("plan_gone")} />
          ) : (
            <>
              <bdi data-raw="">{plan}</bdi>{" "}
              <code data-raw="" className="text-fg-3">
                {plan_code}
              </code>
            </>
          ),
        text: ({ plan, plan_code }) => [plan, plan_code].filter(Boolean).join(" "),
        width: 170,
      },
      {
        id: "state",
        header: t("column.state"),
        cell: ({ state }) => <StatusBadge status={statuses[state]} word={t(`state.${state}`)} />,
        text: ({ state }) => t(`state.${state}`),
        width: 120,
        card: "badge",
      },
      {
        id: "windows",
        header: t("column.windows"),
        help: t("column.windows_help"),
        cell: ({ windows }) => <WindowUses windows={windows} />,
        text: ({ windows }) => windowsText(windows),
        width: 340,
        grows: true,
        card: "figure",
      },
      {
        id: "starts_at",
        header: t("column.starts"),
        cell: ({ starts_at }) => <Time time={starts_at} />,
        text: ({ starts_at }) => starts_at,
        width: timeWidth,
        hidden: true,
      },
      {
        id: "ends_at",
        header: t("column.ends"),
        cell: ({ ends_at }) => <Time time={ends_at} />,
        text: ({ ends_at }) => ends_at,
        width: timeWidth,
        card: "figure",
      },
      {
        id: "source",
        header: t("column.source"),
        cell: (one) =>
          one.order_id === undefined ? source(one) : <code data-raw="">{one.order_id}</code>,
        text: source,
        width: 180,
        hidden: true,
      },
      {
        id: "multiplier",
        header: t("column.multiplier"),
        cell: ({ multiplier }) => `×${plain(multiplier)}`,
        text: ({ multiplier }) => plain(multiplier),
        width: 100,
        align: "end",
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
    ];
  }, [t]);
}
