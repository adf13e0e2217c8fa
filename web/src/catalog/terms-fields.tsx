import { type ReactNode, useId } from "react";
import { get, useController, useFormState } from "react-hook-form";
import { useTranslation } from "react-i18next";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Advanced } from "@/form/advanced";
import { FormField } from "@/form/form-field";
import { RowsField } from "@/form/rows-field";
import { useRuleText } from "@/form/rule-text";
import {
  freshLane,
  freshTier,
  type LaneDraft,
  mostLanes,
  mostTiers,
  partTerms,
  pieceTerms,
  type TermsDraft,
  type TierDraft,
  tierParts,
} from "./terms";
import { useTermsText } from "./terms-text";

interface Props {
  draft: TermsDraft;
  /** How many parts differ from what is stored. */
  changed: number;
  fixed: boolean;
}

/** What few prices have, folded away with what is said of it in short. */
export function TermsFields({ draft, changed, fixed }: Props) {
  const { t } = useTranslation("catalog");
  const words = useTermsText();
  const { errors } = useFormState();
  const set = words(draft).filter(({ text }) => text !== "");
  return (
    <Advanced
      label={t("terms.title")}
      note={set.map(({ label }) => label).join(", ") || t("terms.none")}
      changed={changed}
      mistakes={errors.terms as object | undefined}
    >
      <Part title={t("terms.parts")} about={t("terms.parts_about")}>
        <div className="grid gap-4 sm:grid-cols-2">
          {[...partTerms, ...pieceTerms].map((term) => (
            <FormField
              key={term}
              name={`terms.${term}`}
              label={t(`terms.${term}`)}
              unit={t(`terms.unit.${term}`)}
              help={t(`terms.${term}_help`)}
              optional
            >
              <Input inputMode="decimal" readOnly={fixed} className="num text-right" />
            </FormField>
          ))}
        </div>
      </Part>
      <Part title={t("terms.tiers")} about={t("terms.tiers_about")}>
        <Tiers fixed={fixed} />
      </Part>
      <Part title={t("terms.lanes")} about={t("terms.lanes_about")}>
        <Lanes fixed={fixed} />
      </Part>
    </Advanced>
  );
}

function Part(props: { title: string; about: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="space-y-2">
      <h4 id={id} className="font-medium">
        {props.title}
      </h4>
      <p className="text-fg-2 text-sm">{props.about}</p>
      {props.children}
    </section>
  );
}

function Tiers({ fixed }: { fixed: boolean }) {
  const { t } = useTranslation("catalog");
  const { field } = useController({ name: "terms.tiers" });
  const rows: readonly TierDraft[] = field.value;
  return (
    <RowsField
      label={t("terms.tiers")}
      rows={rows}
      onChange={field.onChange}
      fresh={freshTier}
      nameOf={(_, at) => t("terms.tier_name", { number: at + 1 })}
      add={t("terms.tier_add")}
      most={mostTiers}
      fixed={fixed}
      render={(tier, set, at) => (
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
          {(["above", ...tierParts] as const).map((part) => (
            <Cell
              key={part}
              name={`terms.tiers.${at}.${part}`}
              label={part === "above" ? t("terms.above") : t(`column.${part}_usd`)}
              unit={part === "above" ? t("terms.unit.above") : t("price.unit")}
              value={tier[part]}
              onChange={(text) => set({ [part]: text })}
              onBlur={field.onBlur}
              fixed={fixed}
            />
          ))}
        </div>
      )}
    />
  );
}

function Lanes({ fixed }: { fixed: boolean }) {
  const { t } = useTranslation("catalog");
  const { field } = useController({ name: "terms.lanes" });
  const rows: readonly LaneDraft[] = field.value;
  return (
    <RowsField
      label={t("terms.lanes")}
      rows={rows}
      onChange={field.onChange}
      fresh={freshLane}
      nameOf={({ name }, at) => t("terms.lane_name", { name: name || String(at + 1) })}
      add={t("terms.lane_add")}
      most={mostLanes}
      fixed={fixed}
      render={(lane, set, at) => (
        <div className="grid grid-cols-2 gap-3">
          {(["name", "multiplier"] as const).map((part) => (
            <Cell
              key={part}
              name={`terms.lanes.${at}.${part}`}
              label={t(`terms.lane_${part === "name" ? "is" : "multiplier"}`)}
              value={lane[part]}
              onChange={(text) => set({ [part]: text })}
              onBlur={field.onBlur}
              fixed={fixed}
              isText={part === "name"}
            />
          ))}
        </div>
      )}
    />
  );
}

/** One control of a row. The row is kept as a whole, so it is not registered by itself. */
function Cell(props: {
  name: string;
  label: string;
  unit?: string;
  value: string;
  onChange: (text: string) => void;
  onBlur: () => void;
  fixed: boolean;
  isText?: boolean;
}) {
  const words = useRuleText();
  const { errors } = useFormState();
  const { message } = (get(errors, props.name) ?? {}) as { message?: string };
  return (
    <Field
      label={props.label}
      {...(props.unit !== undefined && { unit: props.unit })}
      error={words(message)}
    >
      <Input
        name={props.name}
        inputMode={props.isText ? "text" : "decimal"}
        autoCapitalize="none"
        readOnly={props.fixed}
        className={props.isText ? "font-mono" : "num text-right"}
        value={props.value}
        onChange={({ currentTarget }) => props.onChange(currentTarget.value)}
        onBlur={props.onBlur}
      />
    </Field>
  );
}
