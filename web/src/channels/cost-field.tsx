import { useTranslation } from "react-i18next";

import { ppmOf } from "@/channel-groups/multiplier";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

/** Whether a text is a part of a price, or nothing. */
export const isCostMultiplier = (text: string) => text.trim() === "" || ppmOf(text) !== undefined;

/** What the vendor is paid of the prices of models: who may not set prices reads it. */
export function CostField(props: {
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
  fixed: boolean;
}) {
  const { t } = useTranslation("channels");
  const { value, onChange, error, fixed } = props;
  return (
    <Field
      label={t("cost.multiplier")}
      help={fixed ? t("cost.root_only") : t("cost.multiplier_help")}
      error={error}
      unit={t("cost.multiplier_unit")}
      className="max-w-100"
      optional
    >
      <Input
        inputMode="decimal"
        className="num text-right"
        readOnly={fixed}
        placeholder={t("cost.unknown")}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
