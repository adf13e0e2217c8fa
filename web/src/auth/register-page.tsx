import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { api } from "@/api/client";
import { ProblemNotice } from "@/components/problem-notice";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { PasswordInput } from "@/form/password-input";
import { email, newPassword, optionalEmail, optionalText, text, username } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { useBootstrap } from "@/session/use-me";
import { PasswordLength } from "./password-length";
import { PlainHttpNotice } from "./plain-http-notice";
import { linkLook, PublicPage } from "./public-page";
import { useResend } from "./resend";
import { useEnter } from "./use-enter";

/** `invite` is the code of whoever invited one, out of the address: a reload does not lose it. */
export function RegisterPage({ invite }: { invite: string | undefined }) {
  const { t } = useTranslation("auth");
  const { registration, registration_contact, invitations } = useBootstrap();
  // Where nobody can be invited, a link from another time is no reason to refuse anybody.
  const code = invitations ? invite : undefined;
  const signIn = (
    <Link to="/login" className={linkLook}>
      {t("register.login")}
    </Link>
  );
  if (registration === "closed") {
    return (
      <PublicPage title={t("register.title")} footer={signIn}>
        <Notice tone="info" heading={t("register.closed")}>
          {registration_contact === undefined ? (
            t("register.closed_text")
          ) : (
            <span data-raw="">{registration_contact}</span>
          )}
        </Notice>
      </PublicPage>
    );
  }
  return (
    <PublicPage title={t("register.title")} footer={signIn}>
      <PlainHttpNotice />
      {code !== undefined && <Notice tone="info">{t("register.invited")}</Notice>}
      <RegisterForm invite={code} />
    </PublicPage>
  );
}

function RegisterForm({ invite }: { invite: string | undefined }) {
  const { t } = useTranslation("auth");
  const { email_verification } = useBootstrap();
  const enter = useEnter();
  const form = useForm(
    z.object({
      username: username(),
      email: email_verification ? email() : optionalEmail(),
      code: email_verification ? text() : optionalText(),
      password: newPassword(),
    }),
    { username: "", email: "", code: "", password: "" },
  );
  const typed = useWatch({ control: form.control, name: "password" });
  return (
    <Form
      form={form}
      words={(problem) => {
        if (problem.fields.some(({ pointer }) => pointer === "/invite")) {
          return <InviteRefused isLeftOut={invite === undefined} />;
        }
        return problem.code === "conflict" ? t("register.taken") : undefined;
      }}
      onSubmit={async ({ username, email, code, password }) => {
        const me = await api.post("/api/register", {
          username,
          password,
          ...(email !== "" && { email }),
          ...(code !== "" && { code }),
          ...(invite !== undefined && { invite }),
        });
        await enter(me);
      }}
    >
      <FormField name="username" label={t("username")} help={t("username_help")}>
        <Input autoComplete="username" autoCapitalize="none" maxLength={64} autoFocus />
      </FormField>
      <FormField name="email" label={t("email")} optional={!email_verification}>
        <Input type="email" autoComplete="email" autoCapitalize="none" />
      </FormField>
      {email_verification && <EmailCode form={form} />}
      <FormField name="password" label={t("password")} help={<PasswordLength typed={typed} />}>
        <PasswordInput autoComplete="new-password" />
      </FormField>
      <SubmitButton className="w-full">{t("register.submit")}</SubmitButton>
    </Form>
  );
}

/** The invitation is none any more: an account can be had without it, and what was typed stays. */
function InviteRefused({ isLeftOut }: { isLeftOut: boolean }) {
  const { t } = useTranslation("auth");
  const navigate = useNavigate();
  if (isLeftOut) {
    // The button that was pressed is gone; who came by keyboard goes on from here.
    return (
      <span tabIndex={-1} ref={takeFocus} className="outline-none">
        {t("register.invite_left_out")}
      </span>
    );
  }
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-2">
      {t("register.invite_refused")}
      <Button
        size="sm"
        onClick={() => void navigate({ to: "/register", search: {}, replace: true })}
      >
        {t("register.without_invite")}
      </Button>
    </span>
  );
}

const takeFocus = (element: HTMLElement | null) => element?.focus();

interface WithEmail {
  trigger: (name: "email") => Promise<boolean>;
  getValues: (name: "email") => string;
}

/** The code from the mail, and the button that asks for one. */
function EmailCode({ form }: { form: WithEmail }) {
  const { t } = useTranslation("auth");
  const { seconds, sent } = useResend("register");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  async function send() {
    if (!(await form.trigger("email"))) return;
    setBusy(true);
    setError(undefined);
    try {
      await api.post("/api/register/code", { email: form.getValues("email").trim() });
      sent();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="space-y-2">
      <div className="flex items-end gap-2">
        <FormField name="code" label={t("mail_code")} className="flex-1">
          <Input inputMode="numeric" autoComplete="one-time-code" className="font-mono" />
        </FormField>
        <Button
          loading={busy}
          disabledReason={seconds > 0 ? t("send_again_in", { seconds }) : undefined}
          onClick={send}
        >
          {seconds > 0 ? t("send_wait", { seconds }) : t("send_code")}
        </Button>
      </div>
      <p role="status" className="text-fg-3 text-xs">
        {seconds > 0 ? t("code_sent") : ""}
      </p>
      <ProblemNotice error={error} />
    </div>
  );
}
