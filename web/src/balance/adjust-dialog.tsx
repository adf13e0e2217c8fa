import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { type ApiProblem, asProblem } from "@/api/problem";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { formatUsdInFull } from "@/format/money";
import { formatExact } from "@/format/number";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import {
  adjust,
  amountMistake,
  amountOf,
  freshBalance,
  isTooMuch,
  longestReason,
  mostUsd,
  newKey,
} from "./adjustment";
import { BeforeAndAfter } from "./before-and-after";
import { balanceQuery } from "./queries";

interface Props {
  user: string;
  onClose: () => void;
}

/** Gives to the balance of a user or takes from it. */
export function AdjustDialog({ open, ...props }: Props & { open: boolean }) {
  const { t } = useTranslation("balance");
  return (
    <Dialog open={open} onOpenChange={(next) => !next && props.onClose()}>
      {open && (
        <DialogContent
          keepOpen
          title={t("adjust.title", { name: props.user })}
          description={t("adjust.about")}
        >
          <AdjustForm {...props} />
        </DialogContent>
      )}
    </Dialog>
  );
}

function AdjustForm({ user, onClose }: Props) {
  const { t } = useTranslation("balance");
  const queries = useQueryClient();
  const known = useReauthenticated();
  const { data: balance } = useQuery(balanceQuery({ user }));
  // Made once for each opened form: however often it is sent, money moves once.
  const [key] = useState(newKey);
  const [refusal, setRefusal] = useState<ReactNode>();
  const refusalOf = useRefusal(user);
  const form = useForm(useSchema(), { amount: "", reason: "" });
  const amount = amountOf(form.watch("amount"));
  return (
    <Form
      form={form}
      words={(problem) => (problem.code === "conflict" ? refusal : undefined)}
      onSubmit={async ({ amount: typed, reason }) => {
        const amount_usd = amountOf(typed) ?? "";
        try {
          await known(() => adjust(queries, user, { amount_usd, reason, key }));
        } catch (error) {
          if (error instanceof GivenUp) return;
          setRefusal(await refusalOf(asProblem(error), amount_usd));
          throw error;
        }
        onClose();
      }}
    >
      <FormField name="amount" label={t("column.amount")} unit="USD" help={t("adjust.amount_help")}>
        {/* Not `decimal`: the keyboards of some phones have no sign there. */}
        <Input autoFocus className="num text-right" maxLength={24} />
      </FormField>
      <FormField name="reason" label={t("column.reason")} help={t("adjust.reason_help")}>
        <Input maxLength={longestReason} />
      </FormField>
      <BeforeAndAfter balance={balance} amount={amount} />
      <SubmitButton>{useVerb(amount)}</SubmitButton>
    </Form>
  );
}

function useSchema() {
  const { t, i18n } = useTranslation("balance");
  const words = (mistake: NonNullable<ReturnType<typeof amountMistake>>) =>
    t(`adjust.mistake.${mistake}`, { most: formatExact(mostUsd, i18n.language) });
  const amount = z.string().check(({ value, issues }) => {
    const mistake = amountMistake(value);
    if (mistake) issues.push({ code: "custom", message: words(mistake), input: value });
  });
  return z.object({ amount, reason: text({ most: longestReason }) });
}

/** The deed with its amount, once there is one. */
function useVerb(amount: string | undefined): string {
  const { t, i18n } = useTranslation("balance");
  if (amount === undefined) return t("adjust.verb");
  const size = formatUsdInFull(amount.replace("-", ""), i18n.language);
  return t(amount.startsWith("-") ? "adjust.take" : "adjust.give", { amount: size });
}

/** Why the server moved nothing, where its one word for it can mean two things: what is there now tells them apart. */
function useRefusal(user: string) {
  const { t, i18n } = useTranslation("balance");
  const queries = useQueryClient();
  return async ({ code }: ApiProblem, amount: string): Promise<ReactNode> => {
    if (code !== "conflict") return undefined;
    const now = await queries.fetchQuery(freshBalance(user)).catch(() => undefined);
    if (!now || !isTooMuch(amount, now.available_usd)) return t("adjust.known");
    const available = formatUsdInFull(now.available_usd, i18n.language);
    return t("adjust.not_enough", { available });
  };
}
