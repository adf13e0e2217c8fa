import { Ban, KeyRound, LogOut, Pencil, ShieldOff, Trash2, Users } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { UserRow } from "@/api/types";
import { Button } from "@/components/ui/button";
import type { FilterField } from "@/filter/field";
import { FilterBar } from "@/filter/filter-bar";
import { useListState } from "@/filter/list-state";
import { useMay, useMe } from "@/session/use-me";
import { Page } from "@/shell/page";
import type { RowAction } from "@/table/column";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { fetchPeople } from "./queries";
import { useUserColumns } from "./user-columns";
import { type Asked, type Deed, UserDeed } from "./user-deeds";
import { UserSheet } from "./user-sheet";

const defaults = { sort: "-created_at" };

/** Everyone with an account: what they use, and what may be done with it. */
export function UsersPage() {
  const { t } = useTranslation("users");
  const mayWrite = useMay("users.write");
  const mayRoles = useMay("roles.write");
  const state = useListState(defaults);
  const { rows, facets } = useListQuery<UserRow>({
    key: ["people", "list"],
    state,
    fetchPage: fetchPeople,
  });
  const [edited, setEdited] = useState<UserRow | "new">();
  const [asked, setAsked] = useState<Asked>();
  const actions = useActions(setEdited, setAsked);
  const open = (user: UserRow) => {
    if (mayRoles || user.role === "user") setEdited(user);
  };
  const make = mayWrite && (
    <Button variant="primary" onClick={() => setEdited("new")}>
      {t("make")}
    </Button>
  );
  return (
    <Page title={t("title")} actions={make}>
      <div>
        <FilterBar state={state} fields={useFields()} facets={facets} />
        <DataTable
          name="users"
          label={t("title")}
          columns={useUserColumns()}
          rows={rows}
          state={state}
          rowId={({ id }) => id}
          rowLabel={({ username }) => username}
          {...(mayWrite && { opens: open, actions })}
          nothing={{ icon: <Users />, title: t("none"), text: t("none_text"), action: make }}
        />
      </div>
      <UserSheet user={edited} onClose={() => setEdited(undefined)} />
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
      values: (["enabled", "disabled"] as const).map((value) => ({
        value,
        label: t(`users:status.${value}`),
      })),
    },
    { name: "user_group", label: t("users:column.user_group"), kind: "text" },
  ];
}

/** Nobody shuts themselves out, and only who gives roles may touch the accounts of those who operate the site. */
function useActions(
  edit: (user: UserRow) => void,
  ask: (asked: Asked) => void,
): (user: UserRow) => readonly RowAction[] {
  const { t } = useTranslation("users");
  const me = useMe();
  const mayRoles = useMay("roles.write");
  return (user) => {
    const above = !mayRoles && user.role !== "user" ? { disabledReason: t("above_you") } : {};
    const own = user.id === me.id ? { disabledReason: t("is_you") } : above;
    const root = mayRoles ? {} : { disabledReason: t("root_only") };
    const deed = (deed: Deed) => ({ id: deed, label: t(deed), run: () => ask({ deed, user }) });
    return [
      {
        id: "edit",
        label: t("change"),
        icon: <Pencil />,
        keys: "e",
        ...above,
        run: () => edit(user),
      },
      { ...deed("password"), icon: <KeyRound />, ...root },
      { ...deed("log_out"), icon: <LogOut />, ...above },
      ...(user.totp ? [{ ...deed("totp"), icon: <ShieldOff />, danger: true, ...root }] : []),
      { ...deed(user.enabled ? "disable" : "enable"), icon: <Ban />, ...own },
      { ...deed("remove"), icon: <Trash2 />, danger: true, ...own },
    ];
  };
}
