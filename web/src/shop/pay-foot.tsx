import { useTranslation } from "react-i18next";

import { Notice } from "@/components/ui/notice";
import { SubmitButton } from "@/form/submit-button";
import type { Payment } from "./use-payment";

/** Sends the order, and says what to do about one that is paid elsewhere. */
export function PayFoot({ payment }: { payment: Payment }) {
  const { t } = useTranslation("shop");
  const { way, waits, currency } = payment;
  return (
    <>
      <SubmitButton {...(!way && { disabledReason: t("no_way", { currency }) })}>
        {way?.kind === "webhook" ? t("order_verb") : t("pay_verb")}
      </SubmitButton>
      {waits !== undefined && (
        <div role="status">
          <Notice tone="info">{t("pay_elsewhere", { id: waits })}</Notice>
        </div>
      )}
    </>
  );
}
