import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { plain } from "@/channel-groups/multiplier";
import { Badge } from "@/components/ui/badge";
import { Missing } from "@/components/value/missing";
import { Time } from "@/components/value/time-ago";
import type { ChannelGroup, UserGroup } from "@/config/objects";
import { type Column, timeWidth } from "@/table/column";
import { defaultGroup } from "./queries";
import { orderLine } from "./try-order";

export function useUserGroupColumns(
  channelGroups: readonly ChannelGroup[] | undefined,
  countOf: ((name: string) => number | undefined) | undefined,
): readonly Column<UserGroup>[] {
  const { t } = useTranslation("user_groups");
  return useMemo(
    (): readonly Column<UserGroup>[] => [
      {
        id: "name",
        header: t("column.name"),
        cell: ({ name }) => (
          <span className="inline-flex max-w-full items-center gap-2 align-middle">
            <bdi data-raw="" className="truncate font-medium">
              {name}
            </bdi>
            {name === defaultGroup && <DefaultMark />}
          </span>
        ),
        text: ({ name }) => name,
        width: 260,
        card: "title",
      },
      {
        id: "channel_groups",
        header: t("column.channel_groups"),
        help: t("column.channel_groups_help"),
        cell: ({ channel_groups = [] }) =>
          channel_groups.length === 0 ? (
            <span className="text-warn">{t("no_groups")}</span>
          ) : (
            <bdi data-raw="" className="block truncate max-md:max-w-[38vw]">
              {orderLine(channel_groups, channelGroups)}
            </bdi>
          ),
        text: ({ channel_groups = [] }) => orderLine(channel_groups, channelGroups),
        width: 320,
        grows: true,
        card: "figure",
      },
      {
        id: "multiplier",
        header: t("column.multiplier"),
        help: t("multiplier_help"),
        cell: ({ multiplier }) => <span className="num">{`×${plain(multiplier)}`}</span>,
        text: ({ multiplier }) => plain(multiplier),
        width: 110,
        align: "end",
        card: "badge",
      },
      {
        id: "users",
        header: t("column.users"),
        cell: ({ name }) => {
          const count = countOf?.(name);
          return count === undefined ? (
            <Missing reason={t("not_counted")} />
          ) : (
            <span className="num">{count}</span>
          );
        },
        text: ({ name }) => String(countOf?.(name) ?? ""),
        width: 90,
        align: "end",
        card: "figure",
      },
      {
        id: "updated_at",
        header: t("column.updated"),
        cell: ({ updated_at }) => <Time time={updated_at} />,
        text: ({ updated_at }) => updated_at,
        width: timeWidth,
      },
    ],
    [t, channelGroups, countOf],
  );
}

/** The group that new users get. */
export function DefaultMark() {
  const { t } = useTranslation("user_groups");
  return (
    <span title={t("default_help")} className="shrink-0">
      <Badge>{t("default")}</Badge>
    </span>
  );
}
