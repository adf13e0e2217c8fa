import { get, useController, useFormState } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RowsField } from "@/form/rows-field";
import { useRuleText } from "@/form/rule-text";
import type { PriceDraft } from "./plan";

const fresh: PriceDraft = { currency: "", amount: "" };

/** What a plan costs in each currency it is sold in, as a part of the form around it. */
export function PlanPrices() {
  const { t } = useTranslation("subscriptions");
  const words = useRuleText();
  const { field, fieldState } = useController({ name: "prices" });
  const { errors } = useFormState();
  const rows: readonly PriceDraft[] = field.value;
  const mistakeAt = (path: string) => {
    const { message } = (get(errors, path) ?? {}) as { message?: string };
    return words(message);
  };
  const mistake = words(fieldState.error?.message);
  return (
    <fieldset className="min-w-0 space-y-2">
      <legend className="font-medium text-sm">{t("column.prices")}</legend>
      <p className="text-fg-2 text-sm">{t("plan.prices_help")}</p>
      <RowsField
        label={t("column.prices")}
        rows={rows}
        onChange={field.onChange}
        fresh={fresh}
        nameOf={({ currency }, at) => currency || t("plan.price", { number: at + 1 })}
        add={t("plan.add_price")}
        render={(row, set, at) => (
          <div className="grid grid-cols-[6rem_minmax(0,1fr)] gap-2">
            <Field label={t("plan.currency")} error={mistakeAt(`prices.${at}.currency`)}>
              <Input
                name={`prices.${at}.currency`}
                className="uppercase"
                autoCapitalize="characters"
                maxLength={3}
                placeholder="CNY"
                value={row.currency}
                onChange={({ currentTarget }) => set({ currency: currentTarget.value })}
              />
            </Field>
            <Field label={t("plan.amount")} error={mistakeAt(`prices.${at}.amount`)}>
              <Input
                name={`prices.${at}.amount`}
                inputMode="decimal"
                className="num text-right"
                maxLength={19}
                value={row.amount}
                onChange={({ currentTarget }) => set({ amount: currentTarget.value })}
              />
            </Field>
          </div>
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
