import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";

import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Form } from "@/form/form";
import { FormField } from "@/form/form-field";
import { optionalUsd } from "@/form/rules";
import { SubmitButton } from "@/form/submit-button";
import { useForm } from "@/form/use-form";
import { nanoOf } from "@/format/money";
import { useBudget } from "./use-budget";

/** Sets the budget of a month, or with nothing in it removes it. */
export default function BudgetForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation(["dashboard", "common"]);
  const [budget, setBudget] = useBudget();
  const [first] = useState(budget ?? ""); // a failed save shows what was typed, not what is kept
  const nothing = t("month.budget_zero");
  const form = useForm(
    z.object({
      budget: optionalUsd().check(
        z.refine((text) => text === "" || !isAmount(text) || nanoOf(text) > 0n, { error: nothing }),
      ),
    }),
    { budget: first },
  );
  return (
    <Form
      form={form}
      onSubmit={async (values) => {
        await setBudget(values.budget === "" ? undefined : values.budget);
        onDone();
      }}
    >
      <FormField
        name="budget"
        label={t("dashboard:month.budget_title")}
        unit="USD"
        help={t("dashboard:month.budget_help")}
      >
        <Input inputMode="decimal" autoFocus />
      </FormField>
      <div className="flex justify-end gap-2">
        <Button size="sm" onClick={onDone}>
          {t("common:cancel")}
        </Button>
        <SubmitButton size="sm">{t("common:save")}</SubmitButton>
      </div>
    </Form>
  );
}

const isAmount = (text: string) => /^\d+(?:\.\d+)?$/.test(text);
