import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { type Facet, type FilterField, operatorsOf } from "./field";
import { exactly, type Operator, type Term, type Value } from "./grammar";
import { useOperatorText } from "./operator-text";
import { ValuePicker } from "./value-picker";

/** One condition on one field. `onApply(undefined)`: no value is left, so there is no condition. */
export function TermEditor(props: {
  field: FilterField;
  term?: Term;
  facets: readonly Facet[];
  onApply: (term: Term | undefined) => void;
}) {
  const { t } = useTranslation("filter");
  const operatorText = useOperatorText();
  const { field, facets, onApply } = props;
  const operators = operatorsOf(field);
  const [operator, setOperator] = useState<Operator>(
    () => operators.find((one) => one === props.term?.operator) ?? operators[0] ?? ":",
  );
  const [values, setValues] = useState<readonly Value[]>(props.term?.values ?? []);

  function apply(event?: FormEvent) {
    event?.preventDefault();
    event?.stopPropagation();
    onApply(values.length === 0 ? undefined : { field: field.name, operator, values });
  }

  return (
    <form onSubmit={apply} className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{field.label}</span>
        {operators.length > 1 && (
          <Segmented
            label={t("operator")}
            value={operator}
            onChange={setOperator}
            options={operators.map((value) => ({ value, label: operatorText(value) }))}
          />
        )}
      </div>
      {field.kind === "number" && (
        <div className="flex items-center gap-2">
          <Input
            autoFocus
            inputMode="decimal"
            aria-label={t("value")}
            value={values[0]?.text ?? ""}
            onChange={(event) => {
              const text = event.currentTarget.value.replace(/[^\d.]/g, "");
              setValues(text === "" ? [] : [exactly(text)]);
            }}
            className="num"
          />
          {field.unit !== undefined && <span className="text-fg-2 text-sm">{field.unit}</span>}
        </div>
      )}
      {field.kind === "flag" && (
        <Segmented
          label={t("value")}
          value={values[0]?.text ?? ""}
          onChange={(text) => setValues([exactly(text)])}
          options={[
            { value: "true", label: t("flag_true") },
            { value: "false", label: t("flag_false") },
          ]}
          className="self-start"
        />
      )}
      {(field.kind === "choice" || field.kind === "text") && (
        <ValuePicker
          field={field}
          facets={facets}
          values={values}
          onChange={setValues}
          onDone={apply}
        />
      )}
      <Button type="submit" size="sm" variant="outline" className="self-end">
        {t("apply")}
      </Button>
    </form>
  );
}
