import { useQueryClient } from "@tanstack/react-query";
import { useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { api } from "@/api/client";
import { PasswordLength } from "@/auth/password-length";
import { PlainHttpNotice } from "@/auth/plain-http-notice";
import { PublicPage } from "@/auth/public-page";
import { useEnter } from "@/auth/use-enter";
import { Input } from "@/components/ui/input";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { PasswordInput } from "@/form/password-input";
import { newPassword, optionalEmail, text, username } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { bootstrapQuery } from "@/session/session";

const schema = z.object({
  code: text(),
  username: username(),
  email: optionalEmail(),
  password: newPassword(),
});

/** The first visit to a new server: makes the root account with the code from the server's log. */
export function RootStep() {
  const { t } = useTranslation(["setup", "auth"]);
  const queries = useQueryClient();
  const enter = useEnter();
  const form = useForm(schema, { code: "", username: "", email: "", password: "" });
  const typed = useWatch({ control: form.control, name: "password" });
  return (
    <PublicPage title={t("setup:root.title")} about={t("setup:root.about")}>
      <PlainHttpNotice />
      <Form
        form={form}
        words={(problem) =>
          problem.code === "unauthenticated" || problem.code === "code_wrong"
            ? t("setup:root.wrong_code")
            : undefined
        }
        onSubmit={async ({ email, ...values }) => {
          const me = await api.post("/api/setup", {
            ...values,
            ...(email !== "" && { email }),
          });
          await queries.invalidateQueries(bootstrapQuery);
          await enter(me, "/setup");
        }}
      >
        <FormField name="code" label={t("setup:root.code")} help={t("setup:root.code_help")}>
          <Input autoCapitalize="none" className="font-mono" autoFocus />
        </FormField>
        <FormField name="username" label={t("auth:username")} help={t("auth:username_help")}>
          <Input autoComplete="username" autoCapitalize="none" maxLength={64} />
        </FormField>
        <FormField name="email" label={t("auth:email")} optional>
          <Input type="email" autoComplete="email" autoCapitalize="none" />
        </FormField>
        <FormField
          name="password"
          label={t("auth:password")}
          help={<PasswordLength typed={typed} />}
        >
          <PasswordInput autoComplete="new-password" />
        </FormField>
        <SubmitButton className="w-full">{t("setup:root.submit")}</SubmitButton>
      </Form>
    </PublicPage>
  );
}
