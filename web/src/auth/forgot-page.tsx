import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { api } from "@/api/client";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { PasswordInput } from "@/form/password-input";
import { email as emailRule, newPassword, text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { useBootstrap } from "@/session/use-me";
import { PasswordLength } from "./password-length";
import { linkLook, PublicPage } from "./public-page";

/** A new password by a code sent to the mailbox. The answer never tells whether there is such an account. */
export function ForgotPage() {
  const { t } = useTranslation("auth");
  const { mail } = useBootstrap();
  const [email, setEmail] = useState<string>();
  const signIn = (
    <Link to="/login" className={linkLook}>
      {t("forgot.login")}
    </Link>
  );
  if (!mail) {
    return (
      <PublicPage title={t("forgot.title")} footer={signIn}>
        <Notice tone="info">{t("forgot.no_mail")}</Notice>
      </PublicPage>
    );
  }
  return (
    <PublicPage
      title={t("forgot.title")}
      about={email === undefined ? t("forgot.about") : t("forgot.sent", { email })}
      footer={signIn}
    >
      {email === undefined ? (
        <AskForm onSent={setEmail} />
      ) : (
        <ResetForm email={email} onBack={() => setEmail(undefined)} />
      )}
    </PublicPage>
  );
}

function AskForm({ onSent }: { onSent: (email: string) => void }) {
  const { t } = useTranslation("auth");
  const form = useForm(z.object({ email: emailRule() }), { email: "" });
  return (
    <Form
      form={form}
      onSubmit={async ({ email }) => {
        await api.post("/api/password/forgot", { email });
        onSent(email);
      }}
    >
      <FormField name="email" label={t("email")}>
        <Input type="email" autoComplete="email" autoCapitalize="none" autoFocus />
      </FormField>
      <SubmitButton className="w-full">{t("send_code")}</SubmitButton>
    </Form>
  );
}

function ResetForm({ email, onBack }: { email: string; onBack: () => void }) {
  const { t } = useTranslation(["auth", "common"]);
  const navigate = useNavigate();
  const form = useForm(z.object({ code: text(), password: newPassword() }), {
    code: "",
    password: "",
  });
  const typed = useWatch({ control: form.control, name: "password" });
  return (
    <Form
      form={form}
      onSubmit={async ({ code, password }) => {
        await api.post("/api/password/reset", { email, code, password });
        await navigate({ to: "/login", search: { error: "password_reset" } });
      }}
    >
      <input type="hidden" autoComplete="username" value={email} readOnly />
      <FormField name="code" label={t("auth:mail_code")}>
        <Input inputMode="numeric" autoComplete="one-time-code" className="font-mono" autoFocus />
      </FormField>
      <FormField
        name="password"
        label={t("auth:new_password")}
        help={<PasswordLength typed={typed} />}
      >
        <PasswordInput autoComplete="new-password" />
      </FormField>
      <div className="flex gap-2">
        <Button onClick={onBack}>{t("common:back")}</Button>
        <SubmitButton className="flex-1">{t("auth:forgot.submit")}</SubmitButton>
      </div>
    </Form>
  );
}
