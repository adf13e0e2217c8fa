import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { api } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { LoginResult } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { sixDigits, text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { PublicPage } from "./public-page";

/** What is asked for. After a log-in by another site a cookie has the challenge, and no page knows it. */
export type Factor = Omit<NonNullable<LoginResult["second_factor"]>, "challenge"> & {
  challenge?: string;
};

interface Props {
  factor: Factor;
  onResult: (result: LoginResult) => Promise<void>;
  onBack: () => void;
}

/** The second step: a code of the app, or one of the recovery codes. */
export function SecondFactorForm({ factor, onResult, onBack }: Props) {
  const { t } = useTranslation(["auth", "common"]);
  const [method, setMethod] = useState(factor.methods[0] ?? "totp");
  const other = factor.methods.find((one) => one !== method);
  return (
    <PublicPage
      title={t("auth:second.title")}
      about={method === "totp" ? t("auth:second.totp_about") : t("auth:second.recovery_about")}
      footer={
        <>
          <Button variant="ghost" size="sm" className="-ml-2.5" onClick={onBack}>
            {t("common:back")}
          </Button>
          {other && (
            <Button variant="ghost" size="sm" className="-mr-2.5" onClick={() => setMethod(other)}>
              {other === "totp" ? t("auth:second.use_totp") : t("auth:second.use_recovery")}
            </Button>
          )}
        </>
      }
    >
      <CodeForm
        key={method}
        method={method}
        onCode={async (code) => {
          try {
            const { challenge } = factor;
            const proof = { ...(challenge !== undefined && { challenge }), method, code };
            await onResult(await api.post("/api/session/second-factor", proof));
          } catch (error) {
            // The first step is too long ago: begin anew.
            if (asProblem(error).code === "code_expired") onBack();
            throw error;
          }
        }}
      />
    </PublicPage>
  );
}

function CodeForm(props: {
  method: "totp" | "recovery_code";
  onCode: (code: string) => Promise<void>;
}) {
  const { t } = useTranslation("auth");
  const totp = props.method === "totp";
  const form = useForm(z.object({ code: totp ? sixDigits() : text() }), { code: "" });
  return (
    <Form form={form} onSubmit={({ code }) => props.onCode(code)}>
      <FormField name="code" label={totp ? t("code") : t("second.recovery_code")}>
        <Input
          autoFocus
          autoCapitalize="none"
          {...(totp && { inputMode: "numeric", autoComplete: "one-time-code" })}
          className="font-mono"
        />
      </FormField>
      <SubmitButton className="w-full">{t("second.submit")}</SubmitButton>
    </Form>
  );
}
