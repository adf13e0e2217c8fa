import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";

/** The keys of a text, one per line, each once. */
export const keysOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/\s+/)
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

/** The end of a key: enough to tell two apart, and no more. */
export const hintOf = (key: string) => `…${key.slice(-4)}`;

interface Props {
  value: string;
  onChange: (text: string) => void;
  error?: string | undefined;
}

/** Keys, one per line, as dots until someone wants to see them. They leave the page with the form. */
export function KeysField({ value, onChange, error }: Props) {
  const { t } = useTranslation(["channels", "common"]);
  const [shown, setShown] = useState(false);
  const keys = keysOf(value);
  return (
    <Field
      label={t("channels:keys.label")}
      help={
        keys.length === 0
          ? t("channels:keys.help")
          : t("channels:keys.count", { count: keys.length, hints: keys.map(hintOf).join(", ") })
      }
      error={error}
      aside={
        value !== "" && (
          <Button size="sm" variant="ghost" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? t("common:hide") : t("common:show")}
          </Button>
        )
      }
    >
      <Textarea
        rows={2}
        value={value}
        name="keys"
        autoComplete="off"
        autoCapitalize="none"
        data-raw=""
        onChange={(event) => onChange(event.target.value)}
        onBlur={() => onChange(keys.join("\n"))}
        className={`min-h-14 font-mono ${shown ? "" : "[-webkit-text-security:disc]"}`}
      />
    </Field>
  );
}
