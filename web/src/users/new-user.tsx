import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { Role } from "@/api/types";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { userGroupsQuery } from "@/config/queries";
import { Advanced } from "@/form/advanced";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { PasswordInput } from "@/form/password-input";
import { newPassword, optionalEmail, text, username } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { isUnlimited, limitsDraftOf, limitsOf, limitsSchema } from "@/limits/limits";
import { FormLimits } from "@/limits/limits-fields";
import { useReauthenticated } from "@/session/reauthentication";
import { useMay } from "@/session/use-me";
import { defaultGroup } from "@/user-groups/queries";
import { refreshPeople, users } from "./queries";

export const roles: readonly Role[] = ["user", "admin", "root"];

/** Makes an account; its page opens next. */
export function NewUser({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation("users");
  return (
    <Sheet open={open} onOpenChange={(next) => !next && onClose()}>
      {open && (
        <SheetContent keepOpen title={t("make")}>
          <NewUserForm onClose={onClose} />
        </SheetContent>
      )}
    </Sheet>
  );
}

function NewUserForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["users", "auth", "shell", "limits"]);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const known = useReauthenticated();
  const mayRoles = useMay("roles.write");
  const { data } = useQuery(userGroupsQuery);
  const groups = [...new Set([defaultGroup, ...(data?.items.map(({ name }) => name) ?? [])])];
  const schema = z.object({
    username: username(),
    email: optionalEmail(),
    role: z.enum(["user", "admin", "root"]),
    group: text(),
    password: z.union([z.literal(""), newPassword()]),
    limits: limitsSchema,
  });
  const form = useForm(schema, {
    username: "",
    email: "",
    role: "user",
    group: defaultGroup,
    password: "",
    limits: limitsDraftOf(),
  });
  return (
    <Form
      form={form}
      autoComplete="off"
      words={(problem) => (problem.code === "conflict" ? t("users:taken") : undefined)}
      onSubmit={async ({ username: name, email, role, group, password, ...checked }) => {
        const limits = limitsOf(checked.limits);
        const draft = {
          email,
          group,
          ...(mayRoles && { role }),
          ...(password !== "" && { password }),
          ...(!isUnlimited(limits) && { limits }),
        };
        await known(() => users.make(name, draft));
        await refreshPeople(queries);
        onClose();
        await navigate({ to: "/admin/users/$name", params: { name } });
      }}
    >
      <FormField name="username" label={t("users:column.username")} help={t("auth:username_help")}>
        <Input maxLength={64} autoCapitalize="none" autoFocus />
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
      <FormField
        name="password"
        label={t("auth:password")}
        help={t("users:password_help")}
        optional
      >
        <PasswordInput autoComplete="new-password" />
      </FormField>
      <Advanced
        label={t("limits:title")}
        mistakes={form.formState.errors.limits as object | undefined}
      >
        <FormLimits name="limits" owner="user" />
      </Advanced>
      <SubmitButton>{t("users:make")}</SubmitButton>
    </Form>
  );
}
