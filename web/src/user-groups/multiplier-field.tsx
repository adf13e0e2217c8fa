import { useTranslation } from "react-i18next";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useRuleText } from "@/form/rule-text";
import { useMay } from "@/session/use-me";
import type { UserGroupEdit } from "./use-user-group-edit";

/** What the users of the group pay of every price. */
export function MultiplierField({ edit }: { edit: UserGroupEdit }) {
  const { t } = useTranslation("user_groups");
  const words = useRuleText();
  const mayPrice = useMay("prices.write");
  return (
    <Field
      className="sm:max-w-100"
      label={t("column.multiplier")}
      help={t(mayPrice ? "multiplier_help" : "multiplier_locked")}
      error={words(edit.mistake)}
    >
      <Input
        inputMode="decimal"
        className="num"
        value={edit.multiplier}
        readOnly={!mayPrice}
        onChange={({ currentTarget }) => edit.setMultiplier(currentTarget.value)}
      />
    </Field>
  );
}
