import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { api } from "@/api/client";
import type { Gained } from "@/api/types";
import { toast } from "@/components/toast";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { formatUsdInFull } from "@/format/money";
import { refreshBalance } from "./queries";

/** Turns a code into money on one's own balance. */
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

const schema = z.object({ code: text({ most: 64 }) });

function RedeemForm({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation("balance");
  const queries = useQueryClient();
  const form = useForm(schema, { code: "" });
  return (
    <Form
      form={form}
      onSubmit={async ({ code }) => {
        const { amount_usd } = await api.post<Gained>("/api/balance/redeem", { code });
        onClose();
        const amount = amount_usd && formatUsdInFull(amount_usd, i18n.language);
        toast.done(amount ? t("redeem.done", { amount }) : t("redeem.done_time"));
        await refreshBalance(queries, "me");
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
      <SubmitButton>{t("redeem.verb")}</SubmitButton>
    </Form>
  );
}
