import { useQueryClient } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { AccountView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Textarea } from "@/components/ui/textarea";
import { Countdown } from "@/components/value/countdown";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { addressMistake } from "./account";
import { type Begun, type Failure, failureOf, stateOf } from "./log-in";
import { useEndedElsewhere } from "./log-in-tabs";
import { accounts, tookIn } from "./queries";

/** Longer than any address a vendor ends at. */
const longest = 8_192;

/** The three steps of a log-in that has begun. */
export function LogInSteps(props: {
  begun: Begun;
  onDone: (account: AccountView) => void;
  /** It cannot be finished: because of this, or because somebody wants to begin again. */
  onOver: (failure?: Failure) => void;
}) {
  const { t } = useTranslation("accounts");
  const queries = useQueryClient();
  const { begun, onDone, onOver } = props;
  const schema = z.object({
    address: z.string().check(z.maxLength(longest, { error: `too_long:${longest}` }), (checked) => {
      const mistake = addressMistake(checked.value, begun.url);
      if (mistake === undefined) return;
      const message = t(`log_in.mistake.${mistake}`, { error: refusalIn(checked.value) });
      checked.issues.push({ code: "custom", message, input: checked.value });
    }),
  });
  const form = useForm(schema, { address: "" });
  useEndedElsewhere(stateOf(begun.url), (account) => {
    void tookIn(queries, account);
    onDone(account);
  });
  return (
    <Form
      form={form}
      autoComplete="off"
      onSubmit={async ({ address }) => {
        try {
          const account = await accounts.finish(address.trim());
          await tookIn(queries, account);
          onDone(account);
        } catch (error) {
          const failure = failureOf(error);
          if (failure === undefined) throw error;
          onOver(failure);
        }
      }}
    >
      <ol aria-label={t("log_in.steps")} className="list-decimal space-y-4 pl-5 marker:text-fg-3">
        <li className="space-y-2">
          <p>{t("log_in.open_step")}</p>
          <div className="flex flex-wrap items-center gap-2">
            <Button asChild>
              <a href={begun.url} target="_blank" rel="noopener noreferrer">
                {t("log_in.open")}
                <ExternalLink aria-hidden="true" />
              </a>
            </Button>
            <CopyButton text={begun.url} what={t("log_in.address")} />
          </div>
        </li>
        <li>{t(begun.comesBack ? "log_in.back_step" : "log_in.blank_step")}</li>
        <li className="space-y-2">
          <p>{t("log_in.paste_step")}</p>
          <FormField name="address" label={t("log_in.pasted")}>
            <Textarea
              rows={3}
              data-private=""
              data-raw=""
              autoCapitalize="none"
              placeholder="http://localhost:1455/auth/callback?code=…"
              className="font-mono text-sm"
            />
          </FormField>
        </li>
      </ol>
      <p className="text-fg-2 text-sm">
        {t("log_in.time")} <Countdown until={begun.until} />
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="ghost" onClick={() => onOver()}>
          {t("log_in.restart")}
        </Button>
        <SubmitButton>{t("log_in.finish")}</SubmitButton>
      </div>
    </Form>
  );
}

/** The vendor's word for why it refused, cut to what a sentence can hold. */
const refusalIn = (address: string) =>
  (new URLSearchParams(address.trim().split("?").at(-1) ?? "").get("error") ?? "").slice(0, 60);
