import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { plain } from "@/channel-groups/multiplier";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { StatusBadge } from "@/components/ui/status-badge";
import { type ChannelGroup, isEnabled } from "@/config/objects";
import { OrderedList } from "@/form/ordered-list";
import { useMay } from "@/session/use-me";
import { ChannelGroupName } from "./group-link";
import type { UserGroupEdit } from "./use-user-group-edit";

/** The channel groups of a user group in their order: moved, taken away, put in. */
export function ChosenGroups(props: {
  edit: UserGroupEdit;
  groups: readonly ChannelGroup[] | undefined;
}) {
  const { t } = useTranslation("user_groups");
  const { edit, groups } = props;
  const mayWrite = useMay("channels.write");
  const line = (name: string) => (
    <Line name={name} group={groups?.find((one) => one.name === name)} />
  );
  const others = (groups ?? []).filter(({ name }) => !edit.chosen.includes(name));
  if (!mayWrite) {
    if (edit.chosen.length === 0) return <p className="text-fg-2">{t("allows_nothing")}</p>;
    return (
      <ol
        aria-label={t("column.channel_groups")}
        className="list-inside list-decimal space-y-1 marker:text-fg-3"
      >
        {edit.chosen.map((name) => (
          <li key={name}>
            <span className="inline-flex max-w-full align-bottom">{line(name)}</span>
          </li>
        ))}
      </ol>
    );
  }
  return (
    <>
      {edit.chosen.length === 0 ? (
        <Notice tone="warn">{t("allows_nothing")}</Notice>
      ) : (
        <OrderedList
          label={t("column.channel_groups")}
          items={edit.chosen}
          onChange={edit.set}
          keyOf={(name) => name}
          nameOf={(name) => name}
          render={line}
        />
      )}
      {others.length > 0 && (
        <AddGroup groups={others} onAdd={(name) => edit.set([...edit.chosen, name])} />
      )}
    </>
  );
}

function Line({ name, group }: { name: string; group: ChannelGroup | undefined }) {
  const { t } = useTranslation("user_groups");
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-2">
      <ChannelGroupName name={name} />
      {group && <span className="num text-fg-2 text-sm">{`×${plain(group.multiplier)}`}</span>}
      {group && !isEnabled(group) && <StatusBadge status="disabled" word={t("group_off")} />}
    </span>
  );
}

function AddGroup(props: { groups: readonly ChannelGroup[]; onAdd: (name: string) => void }) {
  const { t } = useTranslation("user_groups");
  const [chosen, setChosen] = useState("");
  const { groups, onAdd } = props;
  const name = groups.some((group) => group.name === chosen) ? chosen : "";
  return (
    <div className="flex max-w-100 gap-2">
      <div className="min-w-0 flex-1">
        <Select
          aria-label={t("choose")}
          value={name}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
        >
          <option value="">{t("choose")}</option>
          {groups.map((group) => (
            <option key={group.name} value={group.name} data-raw="">
              {`${group.name} ×${plain(group.multiplier)}`}
            </option>
          ))}
        </Select>
      </div>
      <Button
        icon={<Plus aria-hidden="true" />}
        disabledReason={name === "" ? t("choose") : undefined}
        onClick={() => onAdd(name)}
      >
        {t("add")}
      </Button>
    </div>
  );
}
