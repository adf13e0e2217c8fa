import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Pencil, Trash2, UsersRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import type { UserGroup } from "@/config/objects";
import { channelGroupsQuery, userGroupsQuery } from "@/config/queries";
import { useLocalListState } from "@/filter/list-state";
import { useMay } from "@/session/use-me";
import { Page } from "@/shell/page";
import type { RowAction } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { allRows, type Rows } from "@/table/rows";
import { DeleteUserGroup } from "./delete-user-group";
import { NewUserGroup } from "./new-user-group";
import { defaultGroup, userCountsQuery } from "./queries";
import { useUserGroupColumns } from "./user-group-columns";

/** Every user group: what its users may use, in which order, and how many they are. */
export function UserGroupsPage() {
  const { t } = useTranslation("user_groups");
  const { data, error, isPending, refetch } = useQuery(userGroupsQuery);
  const channelGroups = useQuery(channelGroupsQuery).data?.items;
  const counts = useQuery(userCountsQuery);
  const navigate = useNavigate();
  const mayWrite = useMay("channels.write");
  const [isMaking, setIsMaking] = useState(false);
  const [removed, setRemoved] = useState<UserGroup>();
  const open = ({ name }: UserGroup) =>
    void navigate({ to: "/admin/user-groups/$name", params: { name } });
  const items = data?.items ?? [];
  const rows: Rows<UserGroup> = {
    ...allRows(items),
    status: error ? "error" : isPending ? "pending" : "success",
    ...(error && { error }),
    retry: () => void refetch(),
  };
  const actions = (group: UserGroup): RowAction[] => [
    { id: "edit", label: t("open"), icon: <Pencil />, keys: "e", run: () => open(group) },
    {
      id: "delete",
      label: t("delete.verb"),
      icon: <Trash2 />,
      danger: true,
      ...(group.name === defaultGroup && { disabledReason: t("delete.is_default") }),
      run: () => setRemoved(group),
    },
  ];
  const make = mayWrite && (
    <Button variant="primary" onClick={() => setIsMaking(true)}>
      {t("new.verb")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} {...(make && { actions: make })}>
      <DataTable
        name="user_groups"
        label={t("title")}
        columns={useUserGroupColumns(channelGroups, counts.data)}
        rows={rows}
        state={useLocalListState()}
        rowId={({ name }) => name}
        rowLabel={({ name }) => name}
        opens={open}
        {...(mayWrite && { actions })}
        nothing={{
          icon: <UsersRound />,
          title: t("none"),
          text: t("about"),
          ...(make && { action: make }),
        }}
      />
      <NewUserGroup open={isMaking} onClose={() => setIsMaking(false)} groups={items} />
      {removed && (
        <DeleteUserGroup group={removed} groups={items} onClose={() => setRemoved(undefined)} />
      )}
    </Page>
  );
}
