import { useTranslation } from "react-i18next";

import { ppmOf } from "@/channel-groups/multiplier";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useRuleText } from "@/form/rule-text";
import { useMay } from "@/session/use-me";

interface Props {
  value: string;
  onChange: (value: string) => void;
}

/** What the calls of a key cost of what they would. */
export function KeyMultiplier({ value, onChange }: Props) {
  const { t } = useTranslation("users");
  const words = useRuleText();
  const mayPrice = useMay("prices.write");
  return (
    <Field
      label={t("keys.multiplier")}
      help={t(mayPrice ? "keys.multiplier_help" : "keys.multiplier_locked")}
      error={words(ppmOf(value) === undefined ? "multiplier" : undefined)}
    >
      <Input
        inputMode="decimal"
        className="num"
        value={value}
        readOnly={!mayPrice}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </Field>
  );
}
