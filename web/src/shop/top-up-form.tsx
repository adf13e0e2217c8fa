import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { TopUpOffer } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { useForm } from "@/form/use-form";
import { addUsd, formatUsdInFull, nanoOf } from "@/format/money";
import { ChooseCurrency } from "./choose-currency";
import { PayBy } from "./pay-by";
import { PayFoot } from "./pay-foot";
import { order } from "./queries";
import { usePayment } from "./use-payment";
import { amountMistake, worthOf } from "./worth";

/** How much, in what, and how it is paid: makes an order and leaves for the gateway's page. */
export function TopUpForm({ offer }: { offer: TopUpOffer }) {
  const { t, i18n } = useTranslation("shop");
  const currencies = Object.keys(offer.currencies);
  const [currency, setCurrency] = useState(currencies[0] ?? "");
  const payment = usePayment(offer.payment_channels, currency);
  const rate = offer.currencies[currency];
  const form = useForm(useSchema(offer, currency), { amount: rate?.presets[0] ?? "" });
  const worth = rate && worthOf(form.watch("amount"), rate);
  const usd = (amount: string) => formatUsdInFull(amount, i18n.language);
  return (
    <Form
      form={form}
      className="max-w-120"
      onSubmit={({ amount }) =>
        payment.pay((payment_channel_id) => order.make({ amount, currency, payment_channel_id }))
      }
    >
      <ChooseCurrency
        currencies={currencies}
        value={currency}
        onChange={(next) => {
          setCurrency(next);
          form.setValue("amount", offer.currencies[next]?.presets[0] ?? "");
        }}
      />
      <FormField
        name="amount"
        label={t("column.amount")}
        unit={currency}
        help={rate && t("minimum", { least: rate.minimum, currency })}
      >
        <Input inputMode="decimal" className="num text-right" maxLength={16} />
      </FormField>
      {rate && rate.presets.length > 0 && (
        <div className="flex flex-wrap gap-2">
          {rate.presets.map((preset) => (
            <Button
              key={preset}
              size="sm"
              onClick={() => form.setValue("amount", preset, { shouldValidate: true })}
            >
              <span className="num">{preset}</span>
            </Button>
          ))}
        </div>
      )}
      <PayBy payment={payment} />
      <p role="status" className="text-fg-2">
        {worth &&
          (nanoOf(worth.bonus) > 0n
            ? t("comes_with_bonus", {
                amount: usd(addUsd(worth.paid, worth.bonus)),
                bonus: usd(worth.bonus),
              })
            : t("comes", { amount: usd(worth.paid) }))}
      </p>
      <PayFoot payment={payment} />
    </Form>
  );
}

function useSchema(offer: TopUpOffer, currency: string) {
  const { t } = useTranslation("shop");
  const rate = offer.currencies[currency];
  const amount = z.string().check(z.trim(), ({ value, issues }) => {
    const mistake = rate && amountMistake(value, rate);
    if (!mistake) return;
    const message = t(`mistake.${mistake}`, { least: rate.minimum, currency });
    issues.push({ code: "custom", message, input: value });
  });
  return z.object({ amount });
}
