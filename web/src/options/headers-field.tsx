import { useTranslation } from "react-i18next";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ListInput } from "@/form/list-input";
import { RowsField } from "@/form/rows-field";
import { OptionGroup } from "./option-field";
import { type HeaderRow, kept } from "./options";
import { useOptionsForm } from "./options-form";

/** Headers to set, with what may stand in their values, and headers to remove. */
export function HeadersField() {
  const { t } = useTranslation("options");
  const { values, set, mistakeOf } = useOptionsForm();
  const { headers } = values;
  const of = (name: string, at: number) =>
    mistakeOf(`headers.set.${at}`) ?? (name === "" ? undefined : mistakeOf(`headers.set.${name}`));
  return (
    <OptionGroup name="headers">
      <RowsField
        label={t("headers.set")}
        rows={headers.set}
        onChange={(rows) => set({ headers: { ...headers, set: rows } })}
        fresh={{ name: "", value: "" } as HeaderRow}
        nameOf={({ name }, at) => name || t("row", { number: at + 1 })}
        add={t("headers.add")}
        render={(row, put, at) => (
          <div className="grid gap-2 sm:grid-cols-2">
            <Field label={t("headers.name")} error={of(row.name.trim(), at)}>
              <Input
                className="font-mono text-sm"
                autoCapitalize="none"
                value={row.name}
                onChange={(event) => put({ name: event.target.value })}
              />
            </Field>
            <Field
              label={t("headers.value")}
              {...(row.value === kept && { help: t("headers.kept") })}
            >
              <Input
                data-private=""
                className="font-mono text-sm"
                autoCapitalize="none"
                value={row.value}
                onChange={(event) => put({ value: event.target.value })}
              />
            </Field>
          </div>
        )}
      />
      <Field
        label={t("headers.remove")}
        help={t("headers.remove_help")}
        error={mistakeOf("headers.remove")}
      >
        <ListInput
          value={headers.remove}
          onChange={(remove) => set({ headers: { ...headers, remove } })}
        />
      </Field>
    </OptionGroup>
  );
}
