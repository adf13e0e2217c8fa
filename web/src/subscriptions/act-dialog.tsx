import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { SubscriptionView, TimeResult } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Input } from "@/components/ui/input";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { text, wholeNumber } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import type { Act } from "./acts";
import { longestReason, mostDays, refreshPlans, subscriptions } from "./queries";
import { TimeResultList } from "./time-result-list";

interface Props {
  act: Act;
  of: readonly SubscriptionView[];
  onClose: () => void;
  /** Something was done: the rows are no longer as they were chosen. */
  onDone: () => void;
}

/** Root does something to subscriptions, with a reason that stays; then it says what became of each. */
export function ActDialog(props: Props) {
  const { t } = useTranslation("subscriptions");
  const { act, of, onClose } = props;
  const [results, setResults] = useState<readonly TimeResult[]>();
  const nameOf = (id: string) => {
    const { username, plan } = of.find((one) => one.id === id) ?? {};
    return [username, plan, id].filter(Boolean).join(" · ");
  };
  return (
    <Dialog open onOpenChange={(next) => !next && onClose()}>
      <DialogContent
        keepOpen
        title={t(`act.${act}.title`, { count: of.length })}
        description={t(`act.${act}.about`)}
        {...(results && {
          footer: (
            <Button variant="primary" onClick={onClose}>
              {t("results.close")}
            </Button>
          ),
        })}
      >
        {results ? (
          <TimeResultList results={results} nameOf={nameOf} />
        ) : (
          <ActForm {...props} onResults={setResults} />
        )}
      </DialogContent>
    </Dialog>
  );
}

const schemaOf = (act: Act) =>
  z.object({ days: z.string(), reason: text({ most: longestReason }) }).check((form) => {
    if (act !== "extend") return;
    const days = wholeNumber({ least: 1, most: mostDays }).safeParse(form.value.days);
    if (days.success) return;
    const message = days.error.issues[0]?.message ?? "number";
    form.issues.push({ code: "custom", message, path: ["days"], input: form.value });
  });

function ActForm(props: Props & { onResults: (results: readonly TimeResult[]) => void }) {
  const { t } = useTranslation("subscriptions");
  const { act, of } = props;
  const queries = useQueryClient();
  const known = useReauthenticated();
  const form = useForm(schemaOf(act), { days: "", reason: "" });
  return (
    <Form
      form={form}
      onSubmit={async ({ days, reason }) => {
        const ids = of.map(({ id }) => id);
        const wanted = { ids, act, reason, ...(act === "extend" && { days: Number(days) }) };
        try {
          const { results } = await known(() => subscriptions.change(wanted));
          props.onResults(results);
        } catch (error) {
          if (error instanceof GivenUp) return;
          throw error;
        }
        props.onDone();
        await refreshPlans(queries);
      }}
    >
      {act === "extend" && (
        <FormField name="days" label={t("act.days")} help={t("act.days_help")}>
          <Input autoFocus inputMode="numeric" className="num" maxLength={4} />
        </FormField>
      )}
      <FormField name="reason" label={t("reason")} help={t("reason_help")}>
        <Input autoFocus={act !== "extend"} maxLength={longestReason} />
      </FormField>
      <SubmitButton variant={act === "revoke" ? "danger" : "primary"}>
        {t(`act.${act}.verb`)}
      </SubmitButton>
    </Form>
  );
}
