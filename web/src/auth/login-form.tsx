import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { api } from "@/api/client";
import type { LoginResult } from "@/api/types";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { PasswordInput } from "@/form/password-input";
import { password, text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";

const schema = z.object({ login: text(), password: password(), remember: z.boolean() });

/** Account or e-mail, and password. */
export function LoginForm({ onResult }: { onResult: (result: LoginResult) => Promise<void> }) {
  const { t } = useTranslation("auth");
  const form = useForm(schema, { login: "", password: "", remember: false });
  return (
    <Form
      form={form}
      onSubmit={async (values) => {
        const result = await api.post("/api/session", values);
        form.resetField("password");
        await onResult(result);
      }}
    >
      <FormField name="login" label={t("login.login")}>
        <Input autoComplete="username webauthn" autoCapitalize="none" autoFocus />
      </FormField>
      <FormField name="password" label={t("password")}>
        <PasswordInput autoComplete="current-password" />
      </FormField>
      <Checkbox label={t("login.remember")} {...form.register("remember")} />
      <SubmitButton className="w-full">{t("login.submit")}</SubmitButton>
    </Form>
  );
}
