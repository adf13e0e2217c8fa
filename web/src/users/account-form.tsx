import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Tagged } from "@/api/client";
import type { UserRow } from "@/api/types";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Select } from "@/components/ui/select";
import { channelGroupsQuery, userGroupsQuery } from "@/config/queries";
import { linkLook } from "@/connect/app-link";
import { useRuleText } from "@/form/rule-text";
import { type Change, SaveBar } from "@/form/save-bar";
import { SaveProblem } from "@/form/save-problem";
import { budgetsOf, isSameBudgets } from "@/limits/budgets";
import { DraftBudgets } from "@/limits/budgets-fields";
import { DraftLimits } from "@/limits/limits-fields";
import { useBudgetsText } from "@/limits/use-budgets-text";
import { useLimitChanges } from "@/limits/use-limit-changes";
import { orderLine } from "@/user-groups/try-order";
import { keysOfQuery, lossesOf } from "./keys";
import { roles } from "./new-user";
import type { StoredUser } from "./queries";
import { useRights } from "./rights";
import { type UserEdit, useUserEdit } from "./use-user-edit";

/** Address, group, role and limits of an account, with what the group allows. What may not be changed says why. */
export function AccountForm({ user, stored }: { user: UserRow; stored: Tagged<StoredUser> }) {
  const { t } = useTranslation(["users", "shell", "limits"]);
  const words = useRuleText();
  const edit = useUserEdit(stored);
  const rights = useRights()(user);
  const { draft, set, mistake } = edit;
  const groups = useQuery(userGroupsQuery).data?.items ?? [];
  const names = [...new Set([draft.group, ...groups.map(({ name }) => name)])];
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t("users:column.email")}
          help={rights.email}
          error={words(mistake)}
          className="sm:col-span-2"
        >
          <Input
            type="email"
            autoCapitalize="none"
            autoComplete="off"
            dir="ltr"
            value={draft.email}
            readOnly={rights.email !== undefined}
            onChange={({ currentTarget }) => set({ email: currentTarget.value })}
          />
        </Field>
        <Field
          label={t("users:column.user_group")}
          help={rights.change ?? <Allowed group={draft.group} />}
          aside={
            <Link
              to="/admin/user-groups/$name"
              params={{ name: draft.group }}
              className={`shrink-0 text-sm ${linkLook}`}
            >
              {t("users:open_group")}
            </Link>
          }
        >
          <Select
            value={draft.group}
            disabled={rights.change !== undefined}
            onChange={({ currentTarget }) => set({ group: currentTarget.value })}
          >
            {names.map((name) => (
              <option key={name} value={name} data-raw="">
                {name}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("users:column.role")} help={rights.role ?? t("users:role_help")}>
          <Select
            value={draft.role}
            disabled={rights.role !== undefined}
            onChange={({ currentTarget }) => set({ role: currentTarget.value as UserRow["role"] })}
          >
            {roles.map((role) => (
              <option key={role} value={role}>
                {t(`shell:role.${role}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <fieldset className="space-y-2">
        <legend className="font-medium">{t("limits:title")}</legend>
        <DraftLimits
          owner="user"
          value={draft.limits}
          onChange={(limits) => set({ limits })}
          fixed={rights.change !== undefined}
        />
      </fieldset>
      <DraftBudgets
        owner="user"
        value={draft.budgets}
        onChange={(budgets) => set({ budgets })}
        fixed={rights.change !== undefined}
      />
      {draft.group !== edit.before.group && <Losses user={user} group={draft.group} />}
      <Bar edit={edit} />
    </>
  );
}

/** What the users of a group may use, in order. */
function Allowed({ group }: { group: string }) {
  const { t } = useTranslation("users");
  const groups = useQuery(userGroupsQuery).data?.items;
  const channelGroups = useQuery(channelGroupsQuery).data?.items;
  const found = groups?.find(({ name }) => name === group);
  if (!found) return t("group_help");
  const line = orderLine(found.channel_groups ?? [], channelGroups);
  return line === "" ? (
    t("allows_nothing")
  ) : (
    <>
      {t("allows")} <bdi data-raw="">{line}</bdi>
    </>
  );
}

/** The keys that would lose channel groups by going into another group. */
function Losses({ user, group }: { user: UserRow; group: string }) {
  const { t } = useTranslation("users");
  const keys = useQuery(keysOfQuery(user.username)).data;
  const groups = useQuery(userGroupsQuery).data?.items;
  const allowed = groups?.find(({ name }) => name === group)?.channel_groups;
  if (!keys || !allowed) return null;
  const losses = lossesOf(keys, allowed);
  if (losses.length === 0) return null;
  return (
    <Notice tone="warn" heading={t("losses.title")}>
      <ul className="space-y-0.5">
        {losses.map(({ key, groups: lost, isAll }) => (
          <li key={key.id}>
            <bdi data-raw="" className="font-medium">
              {key.name}
            </bdi>{" "}
            {isAll ? t("losses.all") : t("losses.some", { groups: lost.join(", ") })}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Bar({ edit }: { edit: UserEdit }) {
  const { t } = useTranslation(["users", "shell", "common", "limits"]);
  const { before, draft } = edit;
  const budgetsText = useBudgetsText();
  const limitChanges = useLimitChanges()(before.limits, draft.limits);
  const changes: Change[] = [];
  if (draft.email.trim() !== before.email) {
    const none = t("common:none");
    changes.push({
      label: t("users:column.email"),
      before: before.email || none,
      after: draft.email.trim() || none,
    });
  }
  if (draft.group !== before.group) {
    changes.push({
      label: t("users:column.user_group"),
      before: before.group,
      after: draft.group,
    });
  }
  if (draft.role !== before.role) {
    changes.push({
      label: t("users:column.role"),
      before: t(`shell:role.${before.role}`),
      after: t(`shell:role.${draft.role}`),
    });
  }
  changes.push(...limitChanges);
  if (!isSameBudgets(draft.budgets, before.budgets)) {
    changes.push({
      label: t("limits:budgets.title"),
      before: budgetsText(budgetsOf(before.budgets)) || t("limits:none"),
      after: budgetsText(budgetsOf(draft.budgets)) || t("limits:none"),
    });
  }
  return (
    <SaveBar
      changes={changes}
      saving={edit.saving}
      onSave={() => void edit.save()}
      onDiscard={edit.discard}
      problem={<SaveProblem error={edit.error} onReload={() => void edit.reload()} />}
    />
  );
}
