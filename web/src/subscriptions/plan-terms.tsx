import { get, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { FormField } from "@/form/form-field";
import { useRuleText } from "@/form/rule-text";
import { formatUsd } from "@/format/money";
import { mostOf } from "./most";
import type { TermsDraft } from "./plan";
import { type WindowName, windows } from "./windows";

/** How long a plan lasts and how much it bears, with what that comes to. */
export function PlanTermsFields({ terms }: { terms: TermsDraft }) {
  const { t, i18n } = useTranslation("subscriptions");
  const { formState } = useFormContext();
  const words = useRuleText();
  const all = mostOf(terms);
  const { message } = (get(formState.errors, "terms") ?? {}) as { message?: unknown };
  const mistake = words(typeof message === "string" ? message : undefined);
  return (
    <fieldset className="min-w-0 space-y-4">
      <legend className="font-medium text-sm">{t("plan.terms")}</legend>
      <p className="text-fg-2 text-sm">{t("plan.limits_help")}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        {windows.map((window) => (
          <LimitField key={window} window={window} />
        ))}
        <FormField name="terms.days" label={t("plan.days")}>
          <Input inputMode="numeric" className="num" maxLength={4} />
        </FormField>
        <FormField
          name="terms.multiplier"
          label={t("column.multiplier")}
          help={t("plan.multiplier_help")}
        >
          <Input inputMode="decimal" className="num" maxLength={16} />
        </FormField>
      </div>
      {mistake !== undefined && (
        <p role="alert" className="text-err text-sm">
          {mistake}
        </p>
      )}
      <p role="status" className="min-h-5 text-fg-2">
        {all && t("plan.most", { count: all.days, most: formatUsd(all.most, i18n.language) })}
      </p>
    </fieldset>
  );
}

const lastLimit = "terms.limit_30d";

/** The most in one window. Typing in any takes back that there is no limit at all, which is said at the last. */
function LimitField({ window }: { window: WindowName }) {
  const { t } = useTranslation("subscriptions");
  const words = useRuleText();
  const { register, formState } = useFormContext();
  const name = `terms.limit_${window}`;
  const { message } = (get(formState.errors, name) ?? {}) as { message?: string };
  const isMissing = name !== lastLimit && get(formState.errors, lastLimit) !== undefined;
  return (
    <Field label={t(`plan.limit.${window}`)} unit="USD" error={words(message)} optional>
      <Input
        {...register(name, isMissing ? { deps: [lastLimit] } : {})}
        inputMode="decimal"
        className="num text-right"
        maxLength={22}
      />
    </Field>
  );
}
