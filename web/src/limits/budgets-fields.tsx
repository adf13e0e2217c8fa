import { Plus, X } from "lucide-react";
import { useController, useFormState } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { useRuleText } from "@/form/rule-text";
import {
  type BudgetDraft,
  type BudgetUnit,
  budgetMistakesOf,
  mostBudgets,
  usualPeriods,
} from "./budgets";
import { usePeriodText } from "./use-budgets-text";

/** The budgets of the form around them, which it calls `budgets`. */
export function FormBudgets() {
  const { field } = useController({ name: "budgets" });
  // Nobody is told off for a number they are about to type.
  const { isSubmitted } = useFormState();
  return (
    <DraftBudgets
      owner="key"
      value={field.value as BudgetDraft[]}
      onChange={field.onChange}
      isStrict={isSubmitted}
    />
  );
}

interface Props {
  owner: "key" | "user";
  value: readonly BudgetDraft[];
  onChange: (value: BudgetDraft[]) => void;
  /** What is still empty is told as a mistake too. */
  isStrict?: boolean;
  /** They are shown only. */
  fixed?: boolean;
}

/** One row each: so much of what, in which time. */
export function DraftBudgets({ owner, value, onChange, isStrict = true, fixed = false }: Props) {
  const { t } = useTranslation("limits");
  const mistakes = budgetMistakesOf(value);
  const change = (place: number, more: Partial<BudgetDraft>) =>
    onChange(value.map((one, at) => (at === place ? { ...one, ...more } : one)));
  return (
    <fieldset className="space-y-2">
      <legend className="font-medium text-sm">{t("budgets.title")}</legend>
      <p className="text-fg-2 text-sm">{t(`budgets.about.${owner}`)}</p>
      {value.map((draft, place) => (
        <Row
          // A row has nothing of its own but its place.
          // biome-ignore lint/suspicious/noArrayIndexKey: rows are only added at the end
          key={place}
          draft={draft}
          place={place}
          mistake={isStrict || draft.amount !== "" ? mistakes[place] : undefined}
          onChange={(more) => change(place, more)}
          onRemove={() => onChange(value.filter((_, at) => at !== place))}
          fixed={fixed}
        />
      ))}
      {!fixed && value.length < mostBudgets && (
        <Button
          icon={<Plus />}
          onClick={() => onChange([...value, { amount: "", unit: "usd", per: freePeriod(value) }])}
        >
          {t("budgets.add")}
        </Button>
      )}
    </fieldset>
  );
}

interface RowProps {
  draft: BudgetDraft;
  place: number;
  mistake: string | undefined;
  onChange: (more: Partial<BudgetDraft>) => void;
  onRemove: () => void;
  fixed: boolean;
}

function Row({ draft, place, mistake, onChange, onRemove, fixed }: RowProps) {
  const { t } = useTranslation("limits");
  const words = useRuleText();
  const periodText = usePeriodText();
  const number = place + 1;
  const periods = [...new Set([...usualPeriods, draft.per])];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-start gap-2 sm:grid-cols-[minmax(0,1fr)_9rem_12rem_auto]">
      <Field
        label={t("budgets.amount", { number })}
        error={words(mistake)}
        className="max-sm:col-span-2"
      >
        <Input
          inputMode="decimal"
          className="num"
          maxLength={22}
          value={draft.amount}
          readOnly={fixed}
          onChange={({ currentTarget }) => onChange({ amount: currentTarget.value })}
        />
      </Field>
      <Field label={t("budgets.unit", { number })} className="max-sm:row-start-2">
        <Select
          value={draft.unit}
          disabled={fixed}
          onChange={({ currentTarget }) => onChange({ unit: currentTarget.value as BudgetUnit })}
        >
          <option value="usd">USD</option>
          <option value="llm_tokens">{t("budgets.llm_tokens")}</option>
        </Select>
      </Field>
      <Field label={t("budgets.per", { number })} className="max-sm:row-start-2">
        <Select
          value={draft.per}
          disabled={fixed}
          onChange={({ currentTarget }) => onChange({ per: currentTarget.value })}
        >
          {periods.map((per) => (
            <option key={per} value={per}>
              {periodText(per)}
            </option>
          ))}
        </Select>
      </Field>
      {!fixed && (
        <IconButton
          label={t("budgets.remove", { number })}
          icon={<X />}
          onClick={onRemove}
          className="mt-6 max-sm:col-start-3 max-sm:row-start-1"
        />
      )}
    </div>
  );
}

/** A time that has no budget in money yet, so that a new row is no mistake. */
const freePeriod = (drafts: readonly BudgetDraft[]) =>
  usualPeriods.find((one) => drafts.every(({ unit, per }) => unit !== "usd" || per !== one)) ??
  usualPeriods[0];
