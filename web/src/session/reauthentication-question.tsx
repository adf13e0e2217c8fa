/** The question who it is, for deeds that want to know again. It comes with the first such deed. */
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { api } from "@/api/client";
import { Button } from "@/components/ui/button";
import { DialogClose, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { PasswordInput } from "@/form/password-input";
import { optionalText, password, sixDigits } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { useMe } from "./use-me";

export default function Question({ onKnown }: { onKnown: () => void }) {
  const { t } = useTranslation(["auth", "common"]);
  const me = useMe();
  const schema = z.object({
    password: me.has_password ? password() : optionalText(),
    totp: me.totp && !me.has_password ? sixDigits() : optionalText(),
  });
  const form = useForm(schema, { password: "", totp: "" });
  if (!me.has_password && !me.totp) return <SignInAgain />;
  return (
    <DialogContent title={t("auth:confirm.title")} description={t("auth:confirm.text")} keepOpen>
      <Form
        form={form}
        onSubmit={async (values) => {
          const proof = me.has_password ? { password: values.password } : { totp: values.totp };
          await api.post("/api/me/reauthenticate", proof);
          onKnown();
        }}
      >
        {/* For password managers: whose password it is. */}
        <input type="hidden" autoComplete="username" value={me.username} readOnly />
        {me.has_password ? (
          <FormField name="password" label={t("auth:password")}>
            <PasswordInput autoComplete="current-password" autoFocus />
          </FormField>
        ) : (
          <FormField name="totp" label={t("auth:code")} help={t("auth:second.totp_help")}>
            <Input inputMode="numeric" autoComplete="one-time-code" autoFocus />
          </FormField>
        )}
        <div className="flex justify-end gap-2">
          <DialogClose asChild>
            <Button>{t("common:cancel")}</Button>
          </DialogClose>
          <SubmitButton>{t("auth:confirm.submit")}</SubmitButton>
        </div>
      </Form>
    </DialogContent>
  );
}

/** Neither a password nor a code: a fresh sign-in is the proof. */
function SignInAgain() {
  const { t } = useTranslation("auth");
  const navigate = useNavigate();
  const here = window.location.pathname + window.location.search;
  return (
    <DialogContent
      title={t("confirm.title")}
      description={t("confirm.again")}
      footer={
        <Button
          variant="primary"
          onClick={() => navigate({ to: "/login", search: { return_to: here } })}
        >
          {t("login.submit")}
        </Button>
      }
    />
  );
}
