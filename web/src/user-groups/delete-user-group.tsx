import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { UserRow } from "@/api/types";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/error-state";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import type { UserGroup } from "@/config/objects";
import { channelGroupsQuery } from "@/config/queries";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { useMay } from "@/session/use-me";
import type { Page } from "@/table/list-query";
import { refreshUserGroups, userGroups, usersOfGroupQuery } from "./queries";
import { orderLine } from "./try-order";
import { countOf, UsersInIt } from "./users-in-it";

interface Props {
  group: UserGroup;
  groups: readonly UserGroup[];
  onClose: () => void;
  onDone?: () => void;
}

/** Deletes a group. Who is in it is shown first and goes into another group with the same press. */
export function DeleteUserGroup(props: Props) {
  const { t } = useTranslation("user_groups");
  const queries = useQueryClient();
  const { group, onClose, onDone } = props;
  const { name } = group;
  const users = useQuery({ ...usersOfGroupQuery(name), staleTime: 0 });
  if (users.data && countOf(users.data) === 0) {
    return (
      <ConfirmDialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={t("delete.title", { name })}
        consequence={t("delete.unused")}
        verb={t("delete.verb")}
        onConfirm={async () => {
          await userGroups.remove(name);
          onDone?.();
          await refreshUserGroups(queries);
        }}
      />
    );
  }
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      {users.data ? (
        <Reassignment {...props} users={users.data} />
      ) : (
        <DialogContent title={t("delete.title", { name })}>
          {users.error ? (
            <ErrorState error={users.error} onRetry={() => void users.refetch()} />
          ) : (
            <Skeleton className="h-24 w-full" />
          )}
        </DialogContent>
      )}
    </Dialog>
  );
}

function Reassignment({ group, groups, users, onClose, onDone }: Props & { users: Page<UserRow> }) {
  const { t } = useTranslation(["user_groups", "common"]);
  const queries = useQueryClient();
  const channelGroups = useQuery(channelGroupsQuery).data?.items;
  const mayMove = useMay("users.write");
  const others = groups.filter(({ name }) => name !== group.name);
  const [chosen, setChosen] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const count = countOf(users);
  const into = others.find(({ name }) => name === chosen);
  const reason = !mayMove
    ? t("user_groups:delete.may_not_move")
    : others.length === 0
      ? t("user_groups:delete.no_other")
      : into
        ? undefined
        : t("user_groups:delete.choose");

  async function carryOut() {
    if (!into || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await userGroups.merge(group.name, into.name);
      onDone?.();
      await refreshUserGroups(queries);
      onClose();
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  }

  return (
    <DialogContent
      title={t("user_groups:delete.title", { name: group.name })}
      description={t("user_groups:delete.in_use", { count })}
      footer={
        <>
          <DialogClose asChild>
            <Button>{t("common:cancel")}</Button>
          </DialogClose>
          <Button
            variant="danger"
            loading={busy}
            disabledReason={reason}
            onClick={() => void carryOut()}
          >
            {t("user_groups:delete.move_verb", { count })}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <UsersInIt group={group.name} users={users} />
        {mayMove && others.length > 0 && (
          <Field
            label={t("user_groups:delete.into")}
            help={
              into
                ? into.channel_groups?.length
                  ? t("user_groups:delete.after_move", {
                      before: orderLine(group.channel_groups ?? [], channelGroups) || "–",
                      after: orderLine(into.channel_groups, channelGroups),
                    })
                  : t("user_groups:allows_nothing")
                : t("user_groups:delete.into_help")
            }
          >
            <Select value={chosen} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
              <option value="">{t("user_groups:delete.choose")}</option>
              {others.map(({ name }) => (
                <option key={name} value={name} data-raw="">
                  {name}
                </option>
              ))}
            </Select>
          </Field>
        )}
        <ProblemNotice error={error} />
      </div>
    </DialogContent>
  );
}
