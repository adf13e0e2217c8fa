import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { api } from "@/api/client";
import { PasswordLength } from "@/auth/password-length";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { PasswordInput } from "@/form/password-input";
import { newPassword, optionalText, password } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { useReauthenticated } from "@/session/reauthentication";
import { updateMe } from "@/session/session";
import { useMe } from "@/session/use-me";
import { Part } from "./part";
import { sessionsQuery } from "./queries";

/** The password: changing it ends every other session. */
export function PasswordSection() {
  const { t } = useTranslation("account");
  const me = useMe();
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState(false);
  return (
    <Part
      title={t("password.title")}
      about={me.has_password ? t("password.about") : t("password.none")}
      actions={
        !open && (
          <Button
            onClick={() => {
              setOpen(true);
              setDone(false);
            }}
          >
            {me.has_password ? t("password.change") : t("password.set")}
          </Button>
        )
      }
    >
      {open && (
        <ChangeForm
          onDone={() => {
            setOpen(false);
            setDone(true);
          }}
          onCancel={() => setOpen(false)}
        />
      )}
      <div role="status">{done && <Notice tone="ok">{t("password.done")}</Notice>}</div>
    </Part>
  );
}

function ChangeForm(props: { onDone: () => void; onCancel: () => void }) {
  const { t } = useTranslation(["account", "auth", "common"]);
  const me = useMe();
  const queries = useQueryClient();
  const known = useReauthenticated();
  const form = useForm(
    z.object({
      old_password: me.has_password ? password() : optionalText(),
      new_password: newPassword(),
    }),
    { old_password: "", new_password: "" },
  );
  const typed = useWatch({ control: form.control, name: "new_password" });
  return (
    <Form
      form={form}
      className="max-w-96"
      words={(problem) =>
        problem.code === "wrong_credentials" ? t("account:password.wrong") : undefined
      }
      onSubmit={async ({ old_password, new_password }) => {
        const body = { new_password, ...(me.has_password && { old_password }) };
        await known(() => api.post("/api/me/password", body));
        updateMe(queries, { has_password: true });
        await queries.invalidateQueries(sessionsQuery);
        props.onDone();
      }}
    >
      <input type="hidden" autoComplete="username" value={me.username} readOnly />
      {me.has_password && (
        <FormField name="old_password" label={t("account:password.old")}>
          <PasswordInput autoComplete="current-password" autoFocus />
        </FormField>
      )}
      <FormField
        name="new_password"
        label={t("auth:new_password")}
        help={<PasswordLength typed={typed} />}
      >
        <PasswordInput autoComplete="new-password" />
      </FormField>
      <div className="flex gap-2">
        <SubmitButton variant="outline">{t("account:password.submit")}</SubmitButton>
        <Button variant="ghost" onClick={props.onCancel}>
          {t("common:cancel")}
        </Button>
      </div>
    </Form>
  );
}
