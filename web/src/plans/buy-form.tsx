import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { PlanOffer } from "@/api/types";
import { startRule } from "@/balance/start";
import { StartChoice } from "@/balance/start-choice";
import { Form } from "@/form/form";
import { useForm } from "@/form/use-form";
import { ChooseCurrency } from "@/shop/choose-currency";
import { PayBy } from "@/shop/pay-by";
import { PayFoot } from "@/shop/pay-foot";
import { type PaymentWay, usePayment } from "@/shop/use-payment";
import { orderPlan } from "./queries";

interface Props {
  plan: PlanOffer;
  ways: readonly PaymentWay[];
  /** When the last time of the plan ends that one has; without any, it is not asked when this begins. */
  lastEnd: string | undefined;
}

/** In what and how it is paid, and when it begins: makes an order and leaves for the gateway's page. */
export function BuyForm({ plan, ways, lastEnd }: Props) {
  const { t } = useTranslation("plans");
  const currencies = Object.keys(plan.prices);
  const [currency, setCurrency] = useState(currencies[0] ?? "");
  const payment = usePayment(ways, currency);
  const isAsked = lastEnd !== undefined;
  const form = useForm(z.object({ start: startRule(isAsked) }), { start: null });
  return (
    <Form
      form={form}
      onSubmit={({ start }) =>
        payment.pay((payment_channel_id) =>
          orderPlan(plan.code, {
            currency,
            payment_channel_id,
            ...(isAsked && start && { start }),
          }),
        )
      }
    >
      <ChooseCurrency currencies={currencies} value={currency} onChange={setCurrency} />
      <p role="status" className="num font-semibold text-lg">
        {t("buy.price", { price: plan.prices[currency], currency })}
      </p>
      <PayBy payment={payment} />
      {isAsked && <StartChoice lastEnd={lastEnd} />}
      <PayFoot payment={payment} />
    </Form>
  );
}
