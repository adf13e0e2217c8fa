import { useTranslation } from "react-i18next";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RowsField } from "@/form/rows-field";
import { Section } from "@/shell/page";
import { FlagOption, OptionGroup } from "./option-field";
import { useOptionsForm } from "./options-form";

/** What becomes of the answer. */
export function AnswerSection() {
  const { t } = useTranslation("options");
  return (
    <Section title={t("section.answer")}>
      <FlagOption name="thinking_to_content" />
      <StatusCodes />
    </Section>
  );
}

function StatusCodes() {
  const { t } = useTranslation("options");
  const { values, set, mistakeOf } = useOptionsForm();
  return (
    <OptionGroup name="status_codes">
      <RowsField
        label={t("option.status_codes.label")}
        rows={values.status_codes}
        onChange={(status_codes) => set({ status_codes })}
        fresh={{ from: "", to: "" }}
        nameOf={({ from }, at) => from || t("row", { number: at + 1 })}
        add={t("status_code.add")}
        render={(row, put, at) => {
          const told = row.from === "" ? undefined : mistakeOf(`status_codes.${row.from}`);
          return (
            <div className="grid grid-cols-2 gap-2">
              <Field
                label={t("status_code.from")}
                error={mistakeOf(`status_codes.${at}.from`) ?? told}
              >
                <Input
                  inputMode="numeric"
                  value={row.from}
                  onChange={(event) => put({ from: event.target.value })}
                />
              </Field>
              <Field label={t("status_code.to")} error={mistakeOf(`status_codes.${at}.to`)}>
                <Input
                  inputMode="numeric"
                  value={row.to}
                  onChange={(event) => put({ to: event.target.value })}
                />
              </Field>
            </div>
          );
        }}
      />
    </OptionGroup>
  );
}
