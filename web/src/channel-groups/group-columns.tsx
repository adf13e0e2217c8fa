import { CornerDownRight } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { ChannelStatus } from "@/api/types";
import { StatusBadge } from "@/components/ui/status-badge";
import { StatusShape } from "@/components/ui/status-shape";
import { Missing } from "@/components/value/missing";
import { type Channel, isEnabled } from "@/config/objects";
import type { Column } from "@/table/column";
import { stateOf } from "./member-state";
import { plain } from "./multiplier";
import { compareStandings, standingOf } from "./standing";
import type { GroupNode } from "./tree";

const indents = ["", "pl-5", "pl-10", "pl-15", "pl-20"];

export function useGroupColumns(
  statuses: ReadonlyMap<string, ChannelStatus>,
): readonly Column<GroupNode>[] {
  const { t } = useTranslation("groups");
  return useMemo(
    (): readonly Column<GroupNode>[] => [
      {
        id: "name",
        header: t("column.name"),
        cell: ({ group, depth }) => (
          <span
            className={`inline-flex max-w-full items-center gap-1.5 align-middle ${indents[Math.min(depth, indents.length - 1)]}`}
          >
            {depth > 0 && (
              <CornerDownRight
                aria-hidden="true"
                className="size-3.5 shrink-0 stroke-[1.5] text-fg-3"
              />
            )}
            <bdi data-raw="" className="truncate font-medium">
              {group.name}
            </bdi>
          </span>
        ),
        text: ({ path }) => path.join(" / "),
        width: 200,
        card: "title",
      },
      {
        id: "state",
        header: t("column.state"),
        cell: (node) => <GroupState node={node} />,
        text: ({ isOn }) => (isOn ? t("on") : t("off")),
        width: 180,
        card: "badge",
      },
      {
        id: "multiplier",
        header: t("column.multiplier"),
        cell: ({ group }) => <span className="num">{`×${plain(group.multiplier)}`}</span>,
        text: ({ group }) => plain(group.multiplier),
        width: 100,
        align: "end",
      },
      {
        id: "effective",
        header: t("column.effective"),
        help: t("column.effective_help"),
        cell: ({ effective }) => <span className="num font-medium">{`×${effective}`}</span>,
        text: ({ effective }) => effective,
        width: 110,
        align: "end",
        card: "figure",
      },
      {
        id: "members",
        header: t("column.members"),
        help: t("column.members_help"),
        cell: ({ group, members }) => (
          <Members group={group} members={members} statuses={statuses} />
        ),
        text: ({ members }) => members.map(({ name }) => name).join(" → "),
        width: 240,
        grows: true,
      },
      {
        id: "used_by",
        header: t("column.used_by"),
        cell: ({ userGroups, group }) =>
          userGroups.length > 0 ? (
            <bdi data-raw="">{userGroups.join(", ")}</bdi>
          ) : !group.parent ? (
            <Missing reason={t("used_by_nobody")} />
          ) : (
            <span className="text-fg-3">{t("used_by_parent")}</span>
          ),
        text: ({ userGroups }) => userGroups.join(", "),
        width: 170,
      },
      {
        id: "priority",
        header: t("column.priority"),
        help: t("column.priority_help"),
        cell: ({ group }) => <span className="num">{group.priority ?? 0}</span>,
        text: ({ group }) => String(group.priority ?? 0),
        width: 90,
        align: "end",
      },
    ],
    [t, statuses],
  );
}

/** Whether a group takes calls: itself, or not because of one above it. */
export function GroupState({ node }: { node: GroupNode }) {
  const { t } = useTranslation("groups");
  if (node.isOn) return <StatusBadge status="ok" word={t("on")} />;
  return (
    <StatusBadge
      status="disabled"
      word={t("off")}
      {...(isEnabled(node.group) && { detail: t("off_above") })}
    />
  );
}

function Members(props: {
  group: GroupNode["group"];
  members: GroupNode["members"];
  statuses: ReadonlyMap<string, ChannelStatus>;
}) {
  const { t } = useTranslation(["groups", "common"]);
  const { group, members, statuses } = props;
  const isEqual = (left: Channel | undefined, right: Channel) =>
    left !== undefined && compareStandings(standingOf(group, left), standingOf(group, right)) === 0;
  if (members.length === 0) return <Missing reason={t("groups:no_members")} />;
  return (
    <span className="block max-w-full truncate">
      {members.map((member, at) => {
        const state = stateOf(member, statuses.get(member.name));
        return (
          <span key={member.name} className="mr-1.5 inline-flex items-center gap-1.5">
            {at > 0 && (
              <span aria-hidden="true" className="text-fg-3">
                {isEqual(members[at - 1], member) ? "·" : "→"}
              </span>
            )}
            <span className={tones[state]}>
              <StatusShape status={state} />
              <span className="sr-only">{t(`common:states.${state}`)}</span>
            </span>
            <bdi data-raw="">{member.name}</bdi>
          </span>
        );
      })}
    </span>
  );
}

const tones = {
  ok: "text-ok",
  degraded: "text-warn",
  down: "text-err",
  cooling: "text-info",
  disabled: "text-fg-3",
  unknown: "text-fg-3",
} as const;
