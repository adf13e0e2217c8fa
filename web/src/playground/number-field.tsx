import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

interface Props {
  label: string;
  help?: string;
  least: number;
  most: number;
  isWhole?: boolean;
  value: number | undefined;
  onChange: (value: number | undefined) => void;
}

/** A number that may be left out. What is no number yet stays in the field and is not taken. */
export function NumberField({ label, help, least, most, isWhole = false, value, onChange }: Props) {
  const { t, i18n } = useTranslation("playground");
  const [text, setText] = useState(value === undefined ? "" : String(value));
  const number = read(text, least, most, isWhole);
  const figure = new Intl.NumberFormat(i18n.language);
  return (
    <Field
      label={label}
      optional
      {...(help !== undefined && { help })}
      {...(number === "wrong" && {
        error: t("form.number", { least: figure.format(least), most: figure.format(most) }),
      })}
    >
      <Input
        inputMode={isWhole ? "numeric" : "decimal"}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          const next = read(event.target.value, least, most, isWhole);
          onChange(next === "wrong" ? undefined : next);
        }}
      />
    </Field>
  );
}

function read(text: string, least: number, most: number, isWhole: boolean) {
  if (text.trim() === "") return undefined;
  const number = Number(text);
  const fits = number >= least && number <= most && (!isWhole || Number.isInteger(number));
  return fits ? number : "wrong";
}
