import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";

import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { OptionName, OptionsDraft } from "./options";
import { useOptionsForm } from "./options-form";

/** The names of options whose value is of a type. */
type NamesOf<Value> = {
  [Name in OptionName]: OptionsDraft[Name] extends Value ? Name : never;
}[OptionName];

/** An option with one control: its name, what it does, what is wrong. */
export function OptionField(props: { name: OptionName; children: ReactNode }) {
  const { t } = useTranslation("options");
  const { mistakeOf } = useOptionsForm();
  const { name } = props;
  return (
    <Field
      label={t(`option.${name}.label`)}
      help={t(`option.${name}.help`)}
      error={mistakeOf(name)}
    >
      {props.children}
    </Field>
  );
}

/** An option of several controls: its name, what it does, and what is wrong with none of them alone. */
export function OptionGroup(props: {
  name: OptionName;
  error?: string | undefined;
  children: ReactNode;
}) {
  const { t } = useTranslation("options");
  const { name, error } = props;
  const id = useId();
  return (
    <fieldset
      aria-describedby={error === undefined ? `${id}-help` : `${id}-help ${id}-error`}
      className="min-w-0 space-y-2"
    >
      <legend className="font-medium text-sm">{t(`option.${name}.label`)}</legend>
      <p id={`${id}-help`} className="text-fg-3 text-xs [overflow-wrap:anywhere]">
        {t(`option.${name}.help`)}
      </p>
      {props.children}
      {error !== undefined && (
        <p id={`${id}-error`} className="text-err text-sm [overflow-wrap:anywhere]">
          {error}
        </p>
      )}
    </fieldset>
  );
}

/** An option that is one line of text. */
export function LineOption(props: { name: "organization" | "project"; placeholder?: string }) {
  const { values, set } = useOptionsForm();
  const { name, placeholder } = props;
  return (
    <OptionField name={name}>
      <Input
        className="font-mono text-sm"
        autoCapitalize="none"
        placeholder={placeholder}
        value={values[name]}
        onChange={(event) => set({ [name]: event.target.value })}
      />
    </OptionField>
  );
}

/** An option that is on or off. */
export function FlagOption({ name }: { name: NamesOf<boolean> }) {
  const { t } = useTranslation("options");
  const { values, set, mistakeOf } = useOptionsForm();
  const error = mistakeOf(name);
  const id = useId();
  return (
    <div className="space-y-1">
      <Checkbox
        checked={values[name]}
        onChange={(event) => set({ [name]: event.currentTarget.checked })}
        label={t(`option.${name}.label`)}
        help={t(`option.${name}.help`)}
        {...(error !== undefined && { "aria-invalid": true, "aria-describedby": `${id}-error` })}
      />
      {error !== undefined && (
        <p id={`${id}-error`} className="text-err text-sm">
          {error}
        </p>
      )}
    </div>
  );
}

/** An option that is one of a few words, the usual one first. */
export function ChoiceOption<
  Name extends "service_tier" | "store" | "safety_identifier" | "cache_ttl" | "on_disconnect",
>(props: { name: Name; words: readonly { value: OptionsDraft[Name]; label: string }[] }) {
  const { values, set } = useOptionsForm();
  const { name, words } = props;
  return (
    <OptionField name={name}>
      <Select value={values[name]} onChange={(event) => set({ [name]: event.currentTarget.value })}>
        {words.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
    </OptionField>
  );
}
