import { useTranslation } from "react-i18next";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { RowsField } from "@/form/rows-field";
import { OptionGroup } from "./option-field";
import type { OptionsDraft } from "./options";
import { useOptionsForm } from "./options-form";

type Rule = OptionsDraft["model_rules"][number];

const kinds = ["exact", "prefix", "suffix", "regex"] as const satisfies readonly Rule["match"][];

/** Which upstream model is called instead: rules in the order in which they are looked at. */
export function ModelRulesField() {
  const { t } = useTranslation("options");
  const { values, set, mistakeOf } = useOptionsForm();
  const of = (at: number, field: keyof Rule) => mistakeOf(`model_rules.${at}.${field}`);
  return (
    <OptionGroup name="model_rules">
      <RowsField
        label={t("option.model_rules.label")}
        ordered
        rows={values.model_rules}
        onChange={(model_rules) => set({ model_rules })}
        fresh={{ match: "exact", pattern: "", to: "" } satisfies Rule as Rule}
        nameOf={({ pattern }, at) => pattern || t("row", { number: at + 1 })}
        add={t("model_rule.add")}
        render={(rule, put, at) => (
          <div className="grid gap-2 sm:grid-cols-[8rem_1fr_1fr]">
            <Field label={t("model_rule.match")}>
              <Select
                value={rule.match}
                onChange={(event) => put({ match: event.currentTarget.value as Rule["match"] })}
              >
                {kinds.map((kind) => (
                  <option key={kind} value={kind}>
                    {t(`model_rule.kind.${kind}`)}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label={t("model_rule.pattern")} error={of(at, "pattern")}>
              <Input
                className="font-mono text-sm"
                autoCapitalize="none"
                value={rule.pattern}
                onChange={(event) => put({ pattern: event.target.value })}
              />
            </Field>
            <Field
              label={t("model_rule.to")}
              error={of(at, "to")}
              {...(rule.match === "regex" && { help: t("model_rule.to_regex") })}
            >
              <Input
                className="font-mono text-sm"
                autoCapitalize="none"
                value={rule.to}
                onChange={(event) => put({ to: event.target.value })}
              />
            </Field>
          </div>
        )}
      />
    </OptionGroup>
  );
}
