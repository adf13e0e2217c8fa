import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "@/api/problem";
import { plain } from "@/channel-groups/multiplier";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { modelsOf, type UserGroup } from "@/config/objects";
import { channelGroupsQuery, channelsQuery, userGroupsQuery } from "@/config/queries";
import { type Change, SaveBar } from "@/form/save-bar";
import { SaveProblem } from "@/form/save-problem";
import { RoutingPreview } from "@/routing/routing-preview";
import { useMay, useMe } from "@/session/use-me";
import { Page, Section } from "@/shell/page";
import { ChosenGroups } from "./chosen-groups";
import { DeleteUserGroup } from "./delete-user-group";
import { MultiplierField } from "./multiplier-field";
import { defaultGroup, usersOfGroupQuery } from "./queries";
import { tryOrder } from "./try-order";
import { TryOrderView } from "./try-order-view";
import { type UserGroupEdit, useUserGroupEdit } from "./use-user-group-edit";
import { DefaultMark } from "./user-group-columns";
import { UsersInIt } from "./users-in-it";

/** One user group: the channel groups its users may use, what that does to a call, and who they are. */
export function UserGroupPage({ name }: { name: string }) {
  const { t } = useTranslation("user_groups");
  const { data, error: failed, refetch } = useQuery(userGroupsQuery);
  const group = data?.items.find((one) => one.name === name || one.id === name);
  const isMissing = data !== undefined && group === undefined;
  const error = isMissing ? new ApiProblem({ code: "not_found", status: 404 }) : failed;
  return (
    <Page
      title={group?.name ?? name}
      width="form"
      aside={group?.name === defaultGroup && <DefaultMark />}
      actions={group && data && <DeleteButton group={group} groups={data.items} />}
    >
      {group ? (
        <Content stored={group} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <div aria-busy="true" className="space-y-6">
          <span role="status" className="sr-only">
            {t("loading")}
          </span>
          <Skeleton className="h-40 w-full" />
          <Skeleton className="h-56 w-full" />
        </div>
      )}
    </Page>
  );
}

function Content({ stored }: { stored: UserGroup }) {
  const { t } = useTranslation("user_groups");
  const { name } = stored;
  const channelGroups = useQuery(channelGroupsQuery);
  const channels = useQuery(channelsQuery);
  const { features } = useMe();
  const edit = useUserGroupEdit(stored);
  const parts = [channelGroups, channels];
  const error = parts.find((part) => part.error && !part.data)?.error;
  const order =
    channelGroups.data && channels.data
      ? tryOrder(edit.chosen, channelGroups.data.items, channels.data.items, edit.multiplier)
      : undefined;
  const changes = useChanges(edit);
  return (
    <>
      <Section title={t("column.channel_groups")} about={t("order_about")}>
        <ChosenGroups edit={edit} groups={channelGroups.data?.items} />
      </Section>
      <Section title={t("prices")}>
        <MultiplierField edit={edit} />
      </Section>
      {features.admin_channel_groups && (
        <Section
          title={t("preview.title")}
          about={changes.length > 0 ? t("preview.unsaved") : t("preview.about")}
        >
          {order ? (
            <TryOrderView order={order} />
          ) : error ? (
            <ErrorState
              error={error}
              onRetry={() => {
                for (const part of parts) if (part.error) void part.refetch();
              }}
            />
          ) : (
            <Skeleton className="h-24 w-full" />
          )}
        </Section>
      )}
      <Members name={name} />
      <RoutingPreview
        userGroups={[name]}
        models={[
          ...new Set(
            order?.flatMap((group) => group.channels.flatMap((one) => modelsOf(one.channel))),
          ),
        ].sort()}
      />
      <SaveBar
        changes={changes}
        saving={edit.saving}
        onSave={() => void edit.save()}
        onDiscard={edit.discard}
        problem={<SaveProblem error={edit.error} onReload={() => void edit.reload()} />}
      />
    </>
  );
}

/** What differs from what is stored, in words. */
function useChanges({ before, chosen, multiplier }: UserGroupEdit): Change[] {
  const { t } = useTranslation(["user_groups", "common"]);
  const order = (names: readonly string[]) => names.join(" → ") || t("common:none");
  return [
    {
      label: t("user_groups:column.channel_groups"),
      before: order(before.chosen),
      after: order(chosen),
    },
    {
      label: t("user_groups:column.multiplier"),
      before: before.multiplier,
      after: plain(multiplier),
    },
  ].filter((change) => change.before !== change.after);
}

/** Some of its users, looked for when somebody asks: the page has enough to ask for already. */
function Members({ name }: { name: string }) {
  const { t } = useTranslation("user_groups");
  const [isAsked, setIsAsked] = useState(false);
  const { data, error, refetch, isFetching } = useQuery({
    ...usersOfGroupQuery(name),
    enabled: isAsked,
  });
  return (
    <Section title={t("users.title")}>
      {data ? (
        <UsersInIt group={name} users={data} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Button loading={isFetching} onClick={() => setIsAsked(true)}>
          {t("users.find")}
        </Button>
      )}
    </Section>
  );
}

function DeleteButton({ group, groups }: { group: UserGroup; groups: UserGroup[] }) {
  const { t } = useTranslation("user_groups");
  const navigate = useNavigate();
  const mayWrite = useMay("channels.write");
  const [isOpen, setIsOpen] = useState(false);
  if (!mayWrite) return null;
  return (
    <>
      <Button
        variant="danger_outline"
        icon={<Trash2 aria-hidden="true" />}
        disabledReason={group.name === defaultGroup ? t("delete.is_default") : undefined}
        onClick={() => setIsOpen(true)}
      >
        {t("delete.verb")}
      </Button>
      {isOpen && (
        <DeleteUserGroup
          group={group}
          groups={groups}
          onClose={() => setIsOpen(false)}
          onDone={() => void navigate({ to: "/admin/user-groups" })}
        />
      )}
    </>
  );
}
