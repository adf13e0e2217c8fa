import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { api } from "@/api/client";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { email as emailRule, text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { useReauthenticated } from "@/session/reauthentication";
import { updateMe } from "@/session/session";
import { useBootstrap, useMe } from "@/session/use-me";
import { Part } from "./part";

type Step = { kind: "rest" } | { kind: "ask" } | { kind: "confirm"; email: string };

/** The e-mail address, changed by a code sent to the new one. */
export function EmailSection() {
  const { t } = useTranslation("account");
  const me = useMe();
  const { mail } = useBootstrap();
  const [step, setStep] = useState<Step>({ kind: "rest" });
  const rest = () => setStep({ kind: "rest" });
  return (
    <Part
      title={t("email.title")}
      about={
        me.email === undefined ? (
          t("email.none")
        ) : (
          <span data-raw="" data-private="">
            {me.email}
          </span>
        )
      }
      state={
        me.email !== undefined && (
          <Badge tone={me.email_verified ? "ok" : "warn"}>
            {me.email_verified ? t("email.verified") : t("email.unverified")}
          </Badge>
        )
      }
      actions={
        step.kind === "rest" && (
          <Button
            disabledReason={mail ? undefined : t("email.no_mail")}
            onClick={() => setStep({ kind: "ask" })}
          >
            {me.email === undefined ? t("email.add") : t("email.change")}
          </Button>
        )
      }
    >
      {step.kind === "ask" && (
        <AskForm onSent={(email) => setStep({ kind: "confirm", email })} onCancel={rest} />
      )}
      {step.kind === "confirm" && <ConfirmForm email={step.email} onDone={rest} />}
    </Part>
  );
}

function AskForm(props: { onSent: (email: string) => void; onCancel: () => void }) {
  const { t } = useTranslation(["account", "auth", "common"]);
  const known = useReauthenticated();
  const form = useForm(z.object({ email: emailRule() }), { email: "" });
  return (
    <Form
      form={form}
      className="max-w-96"
      words={(problem) => (problem.code === "conflict" ? t("account:email.refused") : undefined)}
      onSubmit={async ({ email }) => {
        await known(() => api.post("/api/me/email", { email }));
        props.onSent(email);
      }}
    >
      <FormField name="email" label={t("account:email.new")} help={t("account:email.help")}>
        <Input type="email" autoComplete="email" autoCapitalize="none" autoFocus />
      </FormField>
      <div className="flex gap-2">
        <SubmitButton variant="outline">{t("auth:send_code")}</SubmitButton>
        <Button variant="ghost" onClick={props.onCancel}>
          {t("common:cancel")}
        </Button>
      </div>
    </Form>
  );
}

function ConfirmForm({ email, onDone }: { email: string; onDone: () => void }) {
  const { t } = useTranslation(["account", "auth", "common"]);
  const queries = useQueryClient();
  const form = useForm(z.object({ code: text() }), { code: "" });
  return (
    <Form
      form={form}
      className="max-w-96"
      onSubmit={async ({ code }) => {
        const me = await api.post("/api/me/email/confirm", { email, code });
        updateMe(queries, me);
        onDone();
      }}
    >
      <div role="status">
        <Notice tone="info">{t("account:email.sent", { email })}</Notice>
      </div>
      <FormField name="code" label={t("auth:mail_code")}>
        <Input inputMode="numeric" autoComplete="one-time-code" className="font-mono" autoFocus />
      </FormField>
      <div className="flex gap-2">
        <SubmitButton variant="outline">{t("account:email.confirm")}</SubmitButton>
        <Button variant="ghost" onClick={onDone}>
          {t("common:cancel")}
        </Button>
      </div>
    </Form>
  );
}
