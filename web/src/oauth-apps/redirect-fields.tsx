import { get, useController, useFormState } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RowsField } from "@/form/rows-field";
import { useRuleText } from "@/form/rule-text";
import type { FormDraft } from "./draft";
import { mostAddresses } from "./redirect-uri";

type Row = FormDraft["redirect_uris"][number];

const fresh: Row = { uri: "" };

/** Where users are sent back to, as a part of the form around it. */
export function RedirectFields() {
  const { t } = useTranslation("oauth_apps");
  const words = useRuleText();
  const { field, fieldState } = useController({ name: "redirect_uris" });
  const { errors, isSubmitted } = useFormState();
  const rows: readonly Row[] = field.value;
  const mistakeAt = (at: number) => {
    // Nobody is told off for an address they are about to type.
    if (rows[at]?.uri === "" && !isSubmitted) return undefined;
    const { message } = (get(errors, `redirect_uris.${at}.uri`) ?? {}) as { message?: string };
    return words(message);
  };
  const mistake = words(fieldState.error?.message);
  return (
    <fieldset className="min-w-0 space-y-2">
      <legend className="font-medium text-sm">{t("form.redirects")}</legend>
      <p className="text-fg-2 text-sm">{t("form.redirects_help")}</p>
      <RowsField
        label={t("form.redirects")}
        rows={rows}
        onChange={field.onChange}
        fresh={fresh}
        most={mostAddresses}
        nameOf={(_, at) => t("form.address", { number: at + 1 })}
        add={t("form.add_address")}
        render={({ uri }, set, at) => (
          <Field label={t("form.address", { number: at + 1 })} error={mistakeAt(at)}>
            <Input
              name={`redirect_uris.${at}.uri`}
              inputMode="url"
              autoCapitalize="none"
              className="font-mono text-sm"
              placeholder="https://app.example/callback"
              value={uri}
              onChange={({ currentTarget }) => set({ uri: currentTarget.value })}
              onBlur={field.onBlur}
            />
          </Field>
        )}
      />
      {mistake !== undefined && (
        <p role="alert" className="text-err text-sm">
          {mistake}
        </p>
      )}
    </fieldset>
  );
}
