import { Link } from "@tanstack/react-router";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Select } from "@/components/ui/select";
import type { Channel } from "@/config/objects";
import { linkLook } from "@/connect/app-link";
import { formatShare } from "@/format/number";
import { useMay, useMe } from "@/session/use-me";
import { Section } from "@/shell/page";
import { MemberState } from "./member-state";
import { compareStandings, standingOf } from "./standing";
import { StandingBadges } from "./standing-badges";
import { inStanding } from "./tree";
import type { GroupEdit } from "./use-group-edit";
import { useStatuses } from "./use-statuses";

/** The channels of a group in the order in which they are tried; put in and taken out here. */
export function GroupMembers(props: { edit: GroupEdit; channels: readonly Channel[] }) {
  const { t } = useTranslation("groups");
  const { edit, channels } = props;
  const { before, draft, set } = edit;
  const mayWrite = useMay("channels.write");
  const statuses = useStatuses();
  const members = inStanding(
    draft,
    channels.filter(({ name }) => draft.members.includes(name)),
  );
  const others = channels.filter(({ name }) => !draft.members.includes(name));
  return (
    <Section title={t("members.title")} about={t("members.about")}>
      {members.length === 0 ? (
        <p className="text-fg-2">{t("no_members")}</p>
      ) : (
        <ol
          aria-label={t("members.title")}
          className="divide-y divide-line rounded-panel border border-line bg-surface"
        >
          {members.map((member, at) => (
            <li
              key={member.name}
              className="grid grid-cols-[1.25rem_minmax(0,1fr)_auto] items-center gap-x-3 px-3 py-1.5 sm:grid-cols-[1.25rem_minmax(0,1fr)_minmax(0,14rem)_13rem_auto]"
            >
              <span className="num text-right text-fg-3 text-sm">{at + 1}</span>
              <span className="flex min-w-0 items-center gap-2">
                <ChannelName name={member.name} />
                <StandingBadges standing={standingOf(draft, member)} />
                {!before.members.includes(member.name) && (
                  <Badge tone="info">{t("members.new")}</Badge>
                )}
              </span>
              <span className="min-w-0 text-sm max-sm:order-4 max-sm:col-start-2">
                <MemberState channel={member} status={statuses.get(member.name)} />
              </span>
              <Order member={member} members={members} pinned={draft.pinned} />
              {mayWrite && (
                <IconButton
                  plain
                  size="sm"
                  className="max-sm:order-3"
                  label={t("members.remove", { name: member.name })}
                  icon={<X aria-hidden="true" />}
                  onClick={() =>
                    set({ members: draft.members.filter((name) => name !== member.name) })
                  }
                />
              )}
            </li>
          ))}
        </ol>
      )}
      {mayWrite && others.length > 0 && (
        <AddMember
          names={others.map(({ name }) => name)}
          onAdd={(name) => set({ members: [...draft.members, name] })}
        />
      )}
    </Section>
  );
}

/** Priority, and the share of the calls among those that stand where it stands. */
function Order(props: { member: Channel; members: readonly Channel[]; pinned: string }) {
  const { member, members } = props;
  const { t, i18n } = useTranslation("groups");
  const priority = member.priority ?? 0;
  const own = standingOf(props, member);
  const tier = members.filter((one) => compareStandings(standingOf(props, one), own) === 0);
  const weight = (one: Channel) => one.weight ?? 1;
  const all = tier.reduce((sum, one) => sum + weight(one), 0);
  return (
    <span className="num text-fg-2 text-sm max-sm:order-5 max-sm:col-start-2">
      {t("members.order", { priority, weight: weight(member) })}
      {tier.length > 1 && all > 0 && ` · ${formatShare(weight(member) / all, i18n.language)}`}
    </span>
  );
}

function ChannelName({ name }: { name: string }) {
  const { features } = useMe();
  if (!features.admin_channels) {
    return (
      <bdi data-raw="" className="truncate font-medium">
        {name}
      </bdi>
    );
  }
  return (
    <Link
      to={"/admin/channels/$name" as never}
      params={{ name } as never}
      data-raw=""
      className={`truncate font-medium ${linkLook}`}
    >
      {name}
    </Link>
  );
}

function AddMember({ names, onAdd }: { names: readonly string[]; onAdd: (name: string) => void }) {
  const { t } = useTranslation("groups");
  const [chosen, setChosen] = useState("");
  const name = names.includes(chosen) ? chosen : "";
  return (
    <div className="flex max-w-100 gap-2">
      <div className="min-w-0 flex-1">
        <Select
          aria-label={t("members.choose")}
          value={name}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        >
          <option value="">{t("members.choose")}</option>
          {names.map((one) => (
            <option key={one} value={one} data-raw="">
              {one}
            </option>
          ))}
        </Select>
      </div>
      <Button
        icon={<Plus aria-hidden="true" />}
        disabledReason={name === "" ? t("members.choose") : undefined}
        onClick={() => onAdd(name)}
      >
        {t("members.add")}
      </Button>
    </div>
  );
}
