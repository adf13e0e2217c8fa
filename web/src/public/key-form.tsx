import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { PlainHttpNotice } from "@/auth/plain-http-notice";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { PasswordInput } from "@/form/password-input";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import type { CheckedKey } from "./key-page";
import { checkKey } from "./queries";

const schema = z.object({ key: text() });

/** Takes a key and asks how it stands. Nothing is to remember it: no address, no storage, no password manager. */
export function KeyForm({ onChecked }: { onChecked: (checked: CheckedKey) => void }) {
  const { t } = useTranslation("public");
  const form = useForm(schema, { key: "" });
  const { reset } = form;
  useEffect(() => {
    const clear = () => reset();
    window.addEventListener("pagehide", clear);
    return () => window.removeEventListener("pagehide", clear);
  }, [reset]);
  return (
    <Form
      form={form}
      autoComplete="off"
      className="max-w-120"
      onSubmit={async ({ key }) => onChecked({ key, standing: await checkKey(key) })}
    >
      <PlainHttpNotice />
      <FormField name="key" label={t("key.field")} help={t("key.help")}>
        <PasswordInput
          autoComplete="off"
          autoFocus
          data-1p-ignore=""
          data-lpignore="true"
          placeholder="sk_…"
          className="font-mono"
        />
      </FormField>
      <SubmitButton>{t("key.submit")}</SubmitButton>
    </Form>
  );
}
