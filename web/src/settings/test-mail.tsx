import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { email } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { useMe } from "@/session/use-me";
import { settings } from "./queries";

/** Sends a mail with the saved settings, and tells what the mail server said. */
export function TestMail({ disabledReason }: { disabledReason: string | undefined }) {
  const { t } = useTranslation("settings");
  const me = useMe();
  const [result, setResult] = useState<{ ok: boolean; detail: string }>();
  const form = useForm(z.object({ to: email() }), { to: me.email ?? "" });
  return (
    <Form
      form={form}
      className="max-w-120 py-4"
      onSubmit={async ({ to }) => {
        setResult(undefined);
        setResult(await settings.testMail(to));
      }}
    >
      <FormField name="to" label={t("test_mail.to")}>
        <Input type="email" autoCapitalize="none" />
      </FormField>
      <SubmitButton variant="outline" disabledReason={disabledReason}>
        {t("test_mail.send")}
      </SubmitButton>
      <div role="status">
        {result && (
          <Notice
            tone={result.ok ? "ok" : "err"}
            heading={result.ok ? t("test_mail.ok") : t("test_mail.failed")}
          >
            {result.detail !== "" && (
              <p data-raw="" className="font-mono text-xs">
                {result.detail}
              </p>
            )}
          </Notice>
        )}
      </div>
    </Form>
  );
}
