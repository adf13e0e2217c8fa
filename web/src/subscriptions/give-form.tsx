import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import type { PlanView, TimeResult } from "@/api/types";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { text } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import { longestReason, mostAtOnce, refreshPlans, subscriptions } from "./queries";

const starts = ["at_once", "deferred"] as const;

/** The names in a text, each once: nobody is given time twice because a line was pasted twice. */
export const namesIn = (typed: string): string[] => [
  ...new Set(typed.split(/[\s,;]+/).filter((name) => name !== "")),
];

const schema = z.object({
  plan: text(),
  users: z.string().check(({ value, issues }) => {
    const count = namesIn(value).length;
    const mistake = count === 0 ? "required" : count > mostAtOnce && `too_many:${mostAtOnce}`;
    if (mistake) issues.push({ code: "custom", message: mistake, input: value });
  }),
  start: z.enum(starts),
  reason: text({ most: longestReason }),
});

interface Props {
  plans: readonly PlanView[];
  onResults: (results: readonly TimeResult[]) => void;
}

/** Time of which plan, to whom, from when on, and why. */
export function GiveForm({ plans, onResults }: Props) {
  const { t } = useTranslation("subscriptions");
  const queries = useQueryClient();
  const known = useReauthenticated();
  const form = useForm(schema, {
    plan: "",
    users: "",
    start: "at_once" as (typeof starts)[number],
    reason: "",
  });
  const start = form.watch("start");
  const count = namesIn(form.watch("users")).length;
  return (
    <Form
      form={form}
      onSubmit={async ({ users, ...rest }) => {
        const gift = { ...rest, users: namesIn(users) };
        try {
          const { results } = await known(() => subscriptions.give(gift));
          onResults(results);
        } catch (error) {
          if (error instanceof GivenUp) return;
          throw error;
        }
        await refreshPlans(queries);
      }}
    >
      <FormField name="plan" label={t("column.plan")} help={t("give.plan_help")}>
        <Select>
          <option value="">{t("give.choose")}</option>
          {plans.map(({ code, name, enabled }) => (
            <option key={code} value={code} data-raw="">
              {enabled ? `${name} (${code})` : `${name} (${code}) · ${t("not_sold")}`}
            </option>
          ))}
        </Select>
      </FormField>
      <FormField
        name="users"
        label={t("give.users")}
        help={t("give.users_help", { most: mostAtOnce })}
        aside={
          count > 0 && <span className="num text-fg-2 text-sm">{t("give.to", { count })}</span>
        }
      >
        <Textarea autoCapitalize="none" className="font-mono text-sm" />
      </FormField>
      <div className="space-y-1">
        <Segmented
          label={t("give.start")}
          value={start}
          onChange={(next) => form.setValue("start", next)}
          options={starts.map((value) => ({ value, label: t(`give.${value}`) }))}
        />
        <p className="text-fg-3 text-xs">{t(`give.${start}_help`)}</p>
      </div>
      <FormField name="reason" label={t("reason")} help={t("reason_help")}>
        <Input maxLength={longestReason} />
      </FormField>
      <SubmitButton>{t("give.verb")}</SubmitButton>
    </Form>
  );
}
