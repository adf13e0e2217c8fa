import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { toast } from "@/components/toast";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { formatUsdInFull } from "@/format/money";
import { refreshSubscriptions } from "@/plans/queries";
import { refreshBalance } from "./queries";
import { redeem } from "./redeem";
import { startRule } from "./start";
import { StartChoice } from "./start-choice";

/** Turns a code into money on one's own balance, or into time of a plan. */
export function RedeemDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation("balance");
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()}>
      {open && (
        <DialogContent title={t("redeem.title")} description={t("redeem.about")}>
          <RedeemForm onClose={onClose} />
        </DialogContent>
      )}
    </Dialog>
  );
}

const schema = (isAsked: boolean) =>
  z.object({ code: text({ most: 64 }), start: startRule(isAsked) });

function RedeemForm({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation("balance");
  const queries = useQueryClient();
  // Only the server knows what a code gives: when its time begins is asked once it wants to know.
  const [isAsked, setIsAsked] = useState(false);
  const form = useForm(schema(isAsked), { code: "", start: null });
  const { setFocus } = form;
  useEffect(() => {
    if (isAsked) setFocus("start");
  }, [isAsked, setFocus]);
  return (
    <Form
      form={form}
      onSubmit={async ({ code, start }) => {
        const gained = await redeem(code, start);
        if (!gained) return setIsAsked(true);
        const { amount_usd, plan } = gained;
        onClose();
        if (amount_usd !== undefined) {
          toast.done(t("redeem.done", { amount: formatUsdInFull(amount_usd, i18n.language) }));
        } else {
          toast.done(plan === undefined ? t("redeem.done_time") : t("redeem.done_plan", { plan }));
        }
        await Promise.all([refreshBalance(queries, "me"), refreshSubscriptions(queries)]);
      }}
    >
      <FormField name="code" label={t("redeem.code")} help={t("redeem.code_help")}>
        <Input
          autoFocus
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          className="font-mono"
          maxLength={64}
        />
      </FormField>
      {isAsked && <StartChoice />}
      <SubmitButton>{t("redeem.verb")}</SubmitButton>
    </Form>
  );
}
