import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Ban, LogOut, Pencil, Trash2, Users } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import type { UserRow } from "@/api/types";
import { idsOfAll, matching } from "@/batch/queries";
import { useBulk } from "@/batch/use-bulk";
import { Button } from "@/components/ui/button";
import type { FilterField } from "@/filter/field";
import { FilterBar } from "@/filter/filter-bar";
import { useListState } from "@/filter/list-state";
import { useMay } from "@/session/use-me";
import { Page } from "@/shell/page";
import type { RowAction } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { NewUser } from "./new-user";
import { fetchPeople, refreshPeople } from "./queries";
import { useRights } from "./rights";
import { useUserColumns } from "./user-columns";
import { type Asked, type Deed, UserDeed } from "./user-deeds";

const defaults = { sort: "-created_at" };

/** Everyone with an account and what they use; each has a page. */
export function UsersPage() {
  const { t } = useTranslation("users");
  const mayWrite = useMay("users.write");
  const navigate = useNavigate();
  const state = useListState(defaults);
  const { rows, facets } = useListQuery<UserRow>({
    key: ["people", "list"],
    state,
    fetchPage: fetchPeople,
  });
  const [isMaking, setIsMaking] = useState(false);
  const [asked, setAsked] = useState<Asked>();
  const open = ({ username }: UserRow) =>
    void navigate({ to: "/admin/users/$name", params: { name: username } });
  const actions = useActions(open, setAsked);
  const queries = useQueryClient();
  const bulk = useBulk({
    subject: "user",
    acts: ["enable", "disable", "user_group", "limits", "delete"],
    allIds: (signal) =>
      idsOfAll({ query: matching(state), fetchPage: fetchPeople, idOf: ({ id }) => id, signal }),
    refresh: () => refreshPeople(queries),
  });
  const make = mayWrite && (
    <Button variant="primary" onClick={() => setIsMaking(true)}>
      {t("make")}
    </Button>
  );
  return (
    <Page title={t("title")} actions={make}>
      <div>
        <FilterBar state={state} fields={useFields()} facets={facets} views="users" />
        <DataTable
          name="users"
          label={t("title")}
          columns={useUserColumns()}
          rows={rows}
          state={state}
          rowId={({ id }) => id}
          rowLabel={({ username }) => username}
          opens={open}
          {...(mayWrite && { actions, bulk: bulk.bar })}
          nothing={{ icon: <Users />, title: t("none"), text: t("none_text"), action: make }}
        />
      </div>
      <NewUser open={isMaking} onClose={() => setIsMaking(false)} />
      {bulk.sheet}
      <UserDeed asked={asked} onClose={() => setAsked(undefined)} />
    </Page>
  );
}

function useFields(): readonly FilterField[] {
  const { t } = useTranslation(["users", "shell"]);
  return [
    {
      name: "role",
      label: t("users:column.role"),
      kind: "choice",
      values: (["root", "admin", "user"] as const).map((value) => ({
        value,
        label: t(`shell:role.${value}`),
      })),
    },
    {
      name: "status",
      label: t("users:column.status"),
      kind: "choice",
      values: [
        { value: "active", label: t("users:status.enabled") },
        { value: "disabled", label: t("users:status.disabled") },
      ],
    },
    { name: "user_group", label: t("users:column.user_group"), kind: "text" },
  ];
}

function useActions(
  open: (user: UserRow) => void,
  ask: (asked: Asked) => void,
): (user: UserRow) => readonly RowAction[] {
  const { t } = useTranslation("users");
  const rightsOn = useRights();
  return (user) => {
    const { deny } = rightsOn(user);
    const deed = (deed: Deed, icon: ReactNode): RowAction => {
      const disabledReason = deny(deed);
      return {
        id: deed,
        label: t(deed),
        icon,
        ...(disabledReason !== undefined && { disabledReason }),
        run: () => ask({ deed, user }),
      };
    };
    return [
      { id: "open", label: t("open"), icon: <Pencil />, keys: "e", run: () => open(user) },
      deed("log_out", <LogOut />),
      deed(user.enabled ? "disable" : "enable", <Ban />),
      { ...deed("remove", <Trash2 />), danger: true },
    ];
  };
}
