import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import type { BatchChange } from "@/api/types";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import { channelGroupsQuery, userGroupsQuery } from "@/config/queries";
import { type LimitsDraft, limitMistakesOf, limitsDraftOf, limitsOf } from "@/limits/limits";
import { DraftLimits, type LimitOwner } from "@/limits/limits-fields";
import type { Act, Subject } from "./batch";

interface Props {
  subject: Subject;
  onChange: (change: BatchChange | undefined) => void;
}

/** What has to be chosen before an act means something; `undefined` as long as nothing is. */
export const chosenBy: Partial<Record<Act, (props: Props) => ReactNode>> = {
  order: OrderFields,
  groups: GroupFields,
  user_group: UserGroupField,
  limits: LimitFields,
};

const bounds = {
  priority: { least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER },
  weight: { least: 0, most: 4_294_967_295 },
};
type Order = keyof typeof bounds;

/** The number that is written; `undefined` where nothing is, `null` where it is none. */
function numberOf(name: Order, text: string): number | undefined | null {
  const { least, most } = bounds[name];
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const value = /^-?\d+$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  return value >= least && value <= most ? value : null;
}

function OrderFields({ onChange }: Props) {
  const { t } = useTranslation(["batch", "common"]);
  const [texts, setTexts] = useState({ priority: "", weight: "" });
  const set = (name: Order, text: string) => {
    const next = { ...texts, [name]: text };
    setTexts(next);
    const priority = numberOf("priority", next.priority);
    const weight = numberOf("weight", next.weight);
    const isSaid = priority !== undefined || weight !== undefined;
    onChange(
      isSaid && priority !== null && weight !== null
        ? { ...(priority !== undefined && { priority }), ...(weight !== undefined && { weight }) }
        : undefined,
    );
  };
  return (
    <div className="space-y-1">
      <div className="grid grid-cols-2 gap-3">
        {(["priority", "weight"] as const).map((name) => (
          <Field
            key={name}
            label={t(`batch:field.${name}`)}
            error={numberOf(name, texts[name]) === null ? t("common:rules.number") : undefined}
          >
            <Input
              inputMode="numeric"
              value={texts[name]}
              placeholder={t("batch:keep")}
              onChange={(event) => set(name, event.target.value)}
            />
          </Field>
        ))}
      </div>
      <p className="text-fg-2 text-sm">{t("batch:order_help")}</p>
    </div>
  );
}

type GroupAct = "keep" | "add" | "remove";

function GroupFields({ onChange }: Props) {
  const { t } = useTranslation("batch");
  const { data } = useQuery(channelGroupsQuery);
  const [acts, setActs] = useState<Record<string, GroupAct>>({});
  const set = (name: string, act: GroupAct) => {
    const next = { ...acts, [name]: act };
    setActs(next);
    const named = (act: GroupAct) => Object.keys(next).filter((one) => next[one] === act);
    const [added, removed] = [named("add"), named("remove")];
    const isSaid = added.length + removed.length > 0;
    onChange(isSaid ? { groups_add: added, groups_remove: removed } : undefined);
  };
  if (!data) return <Skeleton className="h-16" />;
  return (
    <ul className="space-y-1.5" aria-label={t("act.groups")}>
      {data.items.map(({ name }) => (
        <li key={name} className="flex flex-wrap items-center justify-between gap-2">
          <span data-raw="" className="min-w-0 [overflow-wrap:anywhere]">
            {name}
          </span>
          <Segmented
            label={name}
            value={acts[name] ?? "keep"}
            onChange={(act) => set(name, act)}
            options={(["keep", "add", "remove"] as const).map((value) => ({
              value,
              label: t(`group_acts.${value}`),
            }))}
          />
        </li>
      ))}
    </ul>
  );
}

function UserGroupField({ onChange }: Props) {
  const { t } = useTranslation("batch");
  const { data } = useQuery(userGroupsQuery);
  return (
    <Field label={t("field.group")}>
      <Select
        defaultValue=""
        onChange={({ target }) =>
          onChange(target.value === "" ? undefined : { user_group: target.value })
        }
      >
        <option value="">{t("keep")}</option>
        {data?.items.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}

const owners: Record<Subject, LimitOwner> = {
  channel: "channel",
  model: "channel", // models have no limits, and no such act
  user: "user",
  own: "key",
};

/** All limits anew: they are one thing, so what is left empty is no limit. */
function LimitFields({ subject, onChange }: Props) {
  const { t } = useTranslation("batch");
  const [draft, setDraft] = useState(limitsDraftOf());
  const [isNone, setNone] = useState(false);
  function say(next: LimitsDraft, none: boolean) {
    setDraft(next);
    setNone(none);
    const limits = none ? {} : limitsOf(next);
    const isSaid = none || Object.keys(limits).length > 0;
    const isRight = none || Object.keys(limitMistakesOf(next)).length === 0;
    onChange(isSaid && isRight ? { limits } : undefined);
  }
  return (
    <div className="space-y-3">
      <Checkbox
        label={t("no_limits")}
        checked={isNone}
        onChange={({ currentTarget }) => say(draft, currentTarget.checked)}
      />
      {!isNone && (
        <>
          <DraftLimits
            owner={owners[subject]}
            value={draft}
            onChange={(next) => say(next, false)}
          />
          <p className="text-fg-2 text-sm">{t("limits_help")}</p>
        </>
      )}
    </div>
  );
}
