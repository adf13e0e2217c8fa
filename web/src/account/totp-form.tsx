import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { api } from "@/api/client";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Input } from "@/components/ui/input";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { sixDigits } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { QrCode } from "./qr-code";

export interface Secret {
  secret: string;
  /** `otpauth://…`, what the QR code says. */
  uri: string;
}

interface Props {
  secret: Secret;
  onDone: (recoveryCodes: string[]) => void;
  onCancel: () => void;
}

/** Scan, then prove it with a code. */
export function TotpForm({ secret, onDone, onCancel }: Props) {
  const { t } = useTranslation(["account", "auth", "common"]);
  const form = useForm(z.object({ code: sixDigits() }), { code: "" });
  return (
    <div className="grid gap-6 sm:grid-cols-[auto_minmax(0,1fr)]">
      <QrCode text={secret.uri} label={t("account:totp.qr")} />
      <Form
        form={form}
        className="max-w-80"
        onSubmit={async ({ code }) => {
          const made = await api.post("/api/me/totp", { code });
          onDone(made.recovery_codes);
        }}
      >
        <p className="text-fg-2">{t("account:totp.scan")}</p>
        <div className="flex items-start gap-2">
          <code className="min-w-0 font-mono text-sm [overflow-wrap:anywhere]">
            {secret.secret.replace(/(.{4})(?=.)/g, "$1 ")}
          </code>
          <CopyButton text={secret.secret} iconOnly what={t("account:totp.secret")} />
        </div>
        <FormField name="code" label={t("auth:code")} help={t("auth:second.totp_help")}>
          <Input inputMode="numeric" autoComplete="one-time-code" autoFocus className="font-mono" />
        </FormField>
        <div className="flex gap-2">
          <SubmitButton variant="outline">{t("account:totp.confirm")}</SubmitButton>
          <Button variant="ghost" onClick={onCancel}>
            {t("common:cancel")}
          </Button>
        </div>
      </Form>
    </div>
  );
}
