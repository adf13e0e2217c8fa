import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { type ApiProblem, asProblem } from "@/api/problem";
import type { QuarantinedCall } from "@/api/types";
import { freshBalance, isTooMuch } from "@/balance/adjustment";
import { toast } from "@/components/toast";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { formatUsdInFull } from "@/format/money";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import { amountMistake, amountOf } from "./amount";
import { type Decision, decide, refreshQuarantine } from "./queries";

interface Props {
  one: QuarantinedCall;
  decision: Decision;
  onClose: () => void;
}

/** Root waives a call, or charges an amount for it, with a reason that its user reads. */
export function ReviewDialog(props: Props) {
  const { t } = useTranslation("quarantine");
  const { one, decision, onClose } = props;
  const name = one.call.user ?? one.call.user_id;
  return (
    <Dialog open onOpenChange={(next) => !next && onClose()}>
      <DialogContent
        keepOpen
        title={t(`${decision}.title`, { name, model: one.call.model })}
        description={t(`${decision}.about`, { name })}
      >
        <ReviewForm {...props} />
      </DialogContent>
    </Dialog>
  );
}

function ReviewForm({ one, decision, onClose }: Props) {
  const { t, i18n } = useTranslation("quarantine");
  const queries = useQueryClient();
  const known = useReauthenticated();
  const [refusal, setRefusal] = useState<ReactNode>();
  const refusalOf = useRefusal(one);
  const charges = decision === "charge";
  const most = one.would_cost_usd ?? "0";
  const form = useForm(useSchema(charges ? most : undefined), { amount: "", reason: "" });
  const amount = charges ? amountOf(form.watch("amount")) : undefined;
  return (
    <Form
      form={form}
      words={(problem) => (problem.code === "conflict" ? refusal : undefined)}
      onSubmit={async ({ amount: typed, reason }) => {
        const amount_usd = charges ? amountOf(typed) : undefined;
        const body = amount_usd === undefined ? { reason } : { reason, amount_usd };
        try {
          await known(() => decide(one.call.request_id, decision, body));
        } catch (error) {
          if (error instanceof GivenUp) return;
          setRefusal(await refusalOf(asProblem(error), amount_usd));
          throw error;
        }
        toast.done(t(`${decision}.done`));
        onClose();
        await refreshQuarantine(queries);
      }}
    >
      {charges && (
        <FormField
          name="amount"
          label={t("charge.amount")}
          unit="USD"
          help={t("charge.amount_help", { most: formatUsdInFull(most, i18n.language) })}
        >
          <Input autoFocus inputMode="decimal" className="num text-right" maxLength={24} />
        </FormField>
      )}
      <FormField name="reason" label={t("reason")} help={t("reason_help")}>
        <Input autoFocus={!charges} maxLength={200} />
      </FormField>
      <SubmitButton>
        {amount === undefined
          ? t(`${decision}.verb`)
          : t("charge.verb_amount", { amount: formatUsdInFull(amount, i18n.language) })}
      </SubmitButton>
    </Form>
  );
}

/** `most`: the most that can be charged; `undefined` where nothing is. */
function useSchema(most: string | undefined) {
  const { t, i18n } = useTranslation("quarantine");
  const amount = z.string().check(({ value, issues }) => {
    const mistake = most === undefined ? undefined : amountMistake(value, most);
    if (mistake === undefined) return;
    const words = t(`mistake.${mistake}`, { most: formatUsdInFull(most ?? "0", i18n.language) });
    issues.push({ code: "custom", message: words, input: value });
  });
  return z.object({ amount, reason: text({ most: 200 }) });
}

/** Why nothing was decided, where the server's one word for it can mean two things: what is there now tells them apart. */
function useRefusal({ call }: QuarantinedCall) {
  const { t, i18n } = useTranslation("quarantine");
  const queries = useQueryClient();
  return async ({ code }: ApiProblem, amount: string | undefined): Promise<ReactNode> => {
    if (code !== "conflict") return undefined;
    const owner = amount === undefined ? undefined : call.user;
    const now =
      owner === undefined
        ? undefined
        : await queries.fetchQuery(freshBalance(owner)).catch(() => undefined);
    if (now && isTooMuch(`-${amount}`, now.available_usd)) {
      const available = formatUsdInFull(now.available_usd, i18n.language);
      return t("not_enough", { available });
    }
    void refreshQuarantine(queries);
    return t("decided_before");
  };
}
