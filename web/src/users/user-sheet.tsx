import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { Role, UserRow } from "@/api/types";
import { ErrorState } from "@/components/ui/error-state";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { PasswordInput } from "@/form/password-input";
import { newPassword, optionalEmail, text, username } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { useReauthenticated } from "@/session/reauthentication";
import { useMay } from "@/session/use-me";
import { refreshPeople, userGroupsQuery, userQuery, users } from "./queries";

type Edited = UserRow | "new";

const roles: readonly Role[] = ["user", "admin", "root"];

/** Makes an account, or changes one; nothing closes the sheet. */
export function UserSheet(props: { user: Edited | undefined; onClose: () => void }) {
  const { t } = useTranslation("users");
  const { user, onClose } = props;
  return (
    <Sheet open={user !== undefined} onOpenChange={(open) => !open && onClose()}>
      {user !== undefined && (
        <SheetContent
          keepOpen
          title={
            user === "new" ? t("make") : <bdi data-raw="">{t("edit", { name: user.username })}</bdi>
          }
        >
          {user === "new" ? (
            <UserForm user={user} etag={undefined} onClose={onClose} />
          ) : (
            <Stored user={user} onClose={onClose} />
          )}
        </SheetContent>
      )}
    </Sheet>
  );
}

/** The version that is changed is fetched first: the server refuses to overwrite a newer one. */
function Stored({ user, onClose }: { user: UserRow; onClose: () => void }) {
  const { data, error, refetch } = useQuery(userQuery(user.username));
  if (data) return <UserForm user={user} etag={data.etag} onClose={onClose} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <Skeleton className="h-40" />;
}

function UserForm(props: { user: Edited; etag: string | undefined; onClose: () => void }) {
  const { t } = useTranslation(["users", "auth", "shell", "common"]);
  const { user, etag, onClose } = props;
  const isNew = user === "new";
  const queries = useQueryClient();
  const known = useReauthenticated();
  const mayRoles = useMay("roles.write");
  const { data } = useQuery(userGroupsQuery);
  const now = isNew ? "default" : user.user_group;
  const groups = [...new Set([now, ...(data?.items.map(({ name }) => name) ?? [])])];
  const schema = z.object({
    username: username(),
    email: optionalEmail(),
    role: z.enum(["user", "admin", "root"]),
    group: text(),
    password: z.union([z.literal(""), newPassword()]),
  });
  const form = useForm(schema, {
    username: isNew ? "" : user.username,
    email: isNew ? "" : (user.email ?? ""),
    role: isNew ? "user" : user.role,
    group: now,
    password: "",
  });
  return (
    <Form
      form={form}
      autoComplete="off"
      words={(problem) => (problem.code === "conflict" ? t("users:taken") : undefined)}
      onSubmit={async (values) => {
        const draft = {
          email: values.email,
          group: values.group,
          ...(mayRoles && { role: values.role }),
        };
        if (!isNew) await known(() => users.change(user.username, draft, etag));
        else {
          const password = values.password === "" ? {} : { password: values.password };
          await known(() => users.make(values.username, { ...draft, ...password }));
        }
        await refreshPeople(queries);
        onClose();
      }}
    >
      <FormField name="username" label={t("users:column.username")} help={t("auth:username_help")}>
        <Input maxLength={64} autoCapitalize="none" readOnly={!isNew} autoFocus={isNew} />
      </FormField>
      <FormField name="email" label={t("users:column.email")} optional>
        <Input type="email" autoCapitalize="none" />
      </FormField>
      <FormField name="group" label={t("users:column.user_group")} help={t("users:group_help")}>
        <Select>
          {groups.map((group) => (
            <option key={group} value={group} data-raw="">
              {group}
            </option>
          ))}
        </Select>
      </FormField>
      {mayRoles && (
        <FormField name="role" label={t("users:column.role")} help={t("users:role_help")}>
          <Select>
            {roles.map((role) => (
              <option key={role} value={role}>
                {t(`shell:role.${role}`)}
              </option>
            ))}
          </Select>
        </FormField>
      )}
      {isNew && mayRoles && (
        <FormField
          name="password"
          label={t("auth:password")}
          help={t("users:password_help")}
          optional
        >
          <PasswordInput autoComplete="new-password" />
        </FormField>
      )}
      <SubmitButton>{isNew ? t("users:make") : t("common:save")}</SubmitButton>
    </Form>
  );
}
