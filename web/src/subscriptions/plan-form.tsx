import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import type { PlanView } from "@/api/types";
import { toast } from "@/components/toast";
import { Checkbox } from "@/components/ui/checkbox";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { DirtyGuard } from "@/form/dirty-guard";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { UserGroupsField } from "@/form/user-groups-field";
import { GivenUp, useReauthenticated } from "@/session/reauthentication";
import { atFields, changeOf, draftOf, newPlanOf, type PlanDraft } from "./plan";
import { PlanPrices } from "./plan-prices";
import { usePlanSchema } from "./plan-schema";
import { PlanTermsFields } from "./plan-terms";
import { plans, refreshPlans } from "./queries";

interface Props {
  /** Left out for a new plan. */
  plan?: PlanView;
  onDone: () => void;
}

/** What a plan is called, costs and gives. Of one that is there only what was changed is sent. */
export function PlanForm({ plan, onDone }: Props) {
  const { t } = useTranslation(["subscriptions", "common"]);
  const queries = useQueryClient();
  const known = useReauthenticated();
  // The list may come anew while somebody types: what changed is told from what they began with.
  const [before] = useState(() => draftOf(plan));
  const form = useForm<PlanDraft, PlanDraft>(usePlanSchema() as never, before);
  const { isDirty, isSubmitting } = form.formState;
  const isNew = plan === undefined;

  async function save(values: PlanDraft) {
    try {
      await known(() =>
        isNew ? plans.make(newPlanOf(values)) : plans.change(before.code, changeOf(before, values)),
      );
    } catch (error) {
      if (error instanceof GivenUp) return;
      const problem = asProblem(error);
      if (problem.code !== "conflict" || !isNew) throw atFields(problem, values);
      form.setError("code", { message: t("subscriptions:plan.taken") }, { shouldFocus: true });
      return;
    }
    const { name } = values;
    toast.done(t(isNew ? "subscriptions:plan.made" : "subscriptions:plan.saved", { name }));
    onDone();
    await refreshPlans(queries);
  }

  return (
    <Form form={form} onSubmit={save} autoComplete="off" className="space-y-6">
      {/* Once the plan is saved, the sheet closes by itself. */}
      <DirtyGuard dirty={isDirty && !isSubmitting} closesWithQuery />
      {!isNew && <Notice tone="info">{t("subscriptions:plan.keeps")}</Notice>}
      <div className="grid gap-4 sm:grid-cols-2">
        <FormField
          name="name"
          label={t("subscriptions:column.name")}
          help={t("subscriptions:plan.name_help")}
        >
          <Input autoFocus maxLength={128} />
        </FormField>
        <FormField
          name="code"
          label={t("subscriptions:column.code")}
          help={t(isNew ? "subscriptions:plan.code_help" : "subscriptions:plan.code_fixed")}
        >
          <Input maxLength={64} autoCapitalize="none" readOnly={!isNew} />
        </FormField>
      </div>
      {!isNew && (
        <Checkbox
          {...form.register("enabled")}
          label={t("subscriptions:plan.enabled")}
          help={t("subscriptions:plan.enabled_help")}
        />
      )}
      <PlanPrices />
      <PlanTermsFields terms={form.watch("terms")} />
      <UserGroupsField
        name="user_groups"
        legend={t("subscriptions:column.user_groups")}
        none={t("subscriptions:plan.for_everybody")}
        failed={t("subscriptions:plan.groups_failed")}
      />
      <SubmitButton>{isNew ? t("subscriptions:plan.verb") : t("common:save")}</SubmitButton>
    </Form>
  );
}
