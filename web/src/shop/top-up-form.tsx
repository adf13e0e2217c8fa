import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { TopUpOffer } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { addUsd, formatUsdInFull, nanoOf } from "@/format/money";
import { leaveFor } from "./leave";
import { order, refreshOrders } from "./queries";
import { amountMistake, worthOf } from "./worth";

const methods = ["alipay", "wxpay", "qqpay"] as const;

/** How much, in what, and how it is paid: makes an order and leaves for the gateway's page. */
export function TopUpForm({ offer }: { offer: TopUpOffer }) {
  const { t, i18n } = useTranslation("shop");
  const queries = useQueryClient();
  const currencies = Object.keys(offer.currencies);
  const [currency, setCurrency] = useState(currencies[0] ?? "");
  const [method, setMethod] = useState<(typeof methods)[number]>("alipay");
  const [waits, setWaits] = useState<string>();
  const rate = offer.currencies[currency];
  const form = useForm(useSchema(offer, currency), {
    amount: rate?.presets[0] ?? "",
    channel: offer.payment_channels[0]?.id ?? "",
  });
  const worth = rate && worthOf(form.watch("amount"), rate);
  const channel = offer.payment_channels.find(({ id }) => id === form.watch("channel"));
  const usd = (amount: string) => formatUsdInFull(amount, i18n.language);
  return (
    <Form
      form={form}
      className="max-w-120"
      onSubmit={async ({ amount, channel: payment_channel_id }) => {
        const made = await order.make({ amount, currency, payment_channel_id });
        await refreshOrders(queries);
        if (channel?.kind === "webhook") return setWaits(made.id);
        leaveFor(await order.page(made.id, channel?.kind === "epay" ? method : undefined));
      }}
    >
      {currencies.length > 1 && (
        <Segmented
          label={t("currency")}
          value={currency}
          onChange={(next) => {
            setCurrency(next);
            form.setValue("amount", offer.currencies[next]?.presets[0] ?? "");
          }}
          options={currencies.map((value) => ({ value, label: value }))}
        />
      )}
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
      <FormField name="channel" label={t("pay_by")}>
        <Select>
          {offer.payment_channels.map(({ id, name, test_mode }) => (
            <option key={id} value={id} data-raw="">
              {test_mode ? `${name} · ${t("test")}` : name}
            </option>
          ))}
        </Select>
      </FormField>
      {channel?.kind === "epay" && (
        <Segmented
          label={t("method")}
          value={method}
          onChange={setMethod}
          options={methods.map((value) => ({ value, label: t(`methods.${value}`) }))}
        />
      )}
      <p role="status" className="text-fg-2">
        {worth &&
          (nanoOf(worth.bonus) > 0n
            ? t("comes_with_bonus", {
                amount: usd(addUsd(worth.paid, worth.bonus)),
                bonus: usd(worth.bonus),
              })
            : t("comes", { amount: usd(worth.paid) }))}
      </p>
      <SubmitButton>{channel?.kind === "webhook" ? t("order_verb") : t("pay_verb")}</SubmitButton>
      {waits !== undefined && <Notice tone="info">{t("pay_elsewhere", { id: waits })}</Notice>}
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
  return z.object({ amount, channel: z.string() });
}
