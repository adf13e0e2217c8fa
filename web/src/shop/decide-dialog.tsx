import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { OrderView } from "@/api/types";
import { toast } from "@/components/toast";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import { type Decision, decide, refreshAllOrders } from "./office";

interface Props {
  order: OrderView;
  decision: Decision;
  onClose: () => void;
}

/** Root decides about an order, with a reason that stays. */
export function DecideDialog(props: Props) {
  const { t } = useTranslation("orders");
  const { order, decision } = props;
  return (
    <Dialog open onOpenChange={(next) => !next && props.onClose()}>
      <DialogContent
        keepOpen
        title={t(`${decision}.title`, { amount: `${order.amount} ${order.currency}` })}
        description={t(`${decision}.about`, { name: order.office?.username ?? "?" })}
      >
        <DecideForm {...props} />
      </DialogContent>
    </Dialog>
  );
}

const schema = z.object({ reason: text({ most: 200 }), amount: text({ most: 16 }) });

function DecideForm({ order, decision, onClose }: Props) {
  const { t } = useTranslation("orders");
  const queries = useQueryClient();
  const known = useReauthenticated();
  const form = useForm(schema, { reason: "", amount: order.amount });
  return (
    <Form
      form={form}
      onSubmit={async ({ reason, amount }) => {
        const body = decision === "refund" ? { reason, amount } : { reason };
        try {
          await known(() => decide(order.id, decision, body));
        } catch (error) {
          if (error instanceof GivenUp) return;
          throw error;
        }
        toast.done(t(`${decision}.done`));
        onClose();
        await refreshAllOrders(queries);
      }}
    >
      {decision === "refund" && (
        <FormField name="amount" label={t("refund.amount")} unit={order.currency}>
          <Input inputMode="decimal" className="num text-right" maxLength={16} />
        </FormField>
      )}
      <FormField name="reason" label={t("reason")} help={t("reason_help")}>
        <Input autoFocus maxLength={200} />
      </FormField>
      <SubmitButton>{t(`${decision}.verb`)}</SubmitButton>
    </Form>
  );
}
