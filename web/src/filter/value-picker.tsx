import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Input } from "@/components/ui/input";
import { formatCount } from "@/format/number";
import { choicesOf, type Facet, type FilterField, labelOfValue } from "./field";
import { exactly, isBare, printValue, type Value } from "./grammar";
import { OptionList, useOptions } from "./option-list";

/** Any number of values of a field: known ones with their counts, or whatever is entered. */
export function ValuePicker(props: {
  field: FilterField;
  facets: readonly Facet[];
  values: readonly Value[];
  onChange: (values: readonly Value[]) => void;
  /** Enter without anything to pick: it is done. */
  onDone: () => void;
}) {
  const { t } = useTranslation("filter");
  const { field, facets, values, onChange } = props;
  const [query, setQuery] = useState("");
  const chosen = new Set(values.map(printValue));
  const wanted = query.trim().toLocaleLowerCase();
  const choices = choicesOf(field, facets);
  const known = choices.filter(
    ({ value, label }) =>
      value.toLocaleLowerCase().includes(wanted) || label.toLocaleLowerCase().includes(wanted),
  );
  const others = values.filter(
    (value) => value.prefix || !choices.some((choice) => choice.value === value.text),
  );
  const options: { value: Value; label: string; count?: string }[] = [
    ...(wanted === ""
      ? others.map((value) => ({ value, label: labelOfValue(value, field, facets) }))
      : []),
    ...known.map(({ value, label, count }) => ({
      value: exactly(value),
      label,
      ...(count !== undefined && { count: formatCount(count) }),
    })),
    ...(wanted === "" ? [] : entered(query.trim())),
  ];

  function entered(text: string) {
    const isKnown = choices.some(({ value }) => value === text);
    const whole = { value: exactly(text), label: t("use_value", { value: text }) };
    const start = {
      value: { text, prefix: true },
      label: t("use_prefix", { value: text }),
    };
    const canBegin = field.kind === "text" && isBare(text);
    return [...(isKnown ? [] : [whole]), ...(canBegin ? [start] : [])];
  }

  function pick(index: number) {
    const option = options[index];
    if (!option) return;
    const key = printValue(option.value);
    onChange(
      chosen.has(key)
        ? values.filter((value) => printValue(value) !== key)
        : [...values, option.value],
    );
    // The list is another one now; where it stays, so does the place in it.
    if (query !== "") control.setActive(-1);
    setQuery("");
  }
  const control = useOptions(options.length, pick);

  return (
    <div className="space-y-1">
      <Input
        autoFocus
        role="combobox"
        aria-label={t("values")}
        aria-expanded
        aria-controls={control.listId}
        aria-activedescendant={control.active >= 0 ? control.optionId(control.active) : undefined}
        placeholder={t("find_value")}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          control.setActive(event.currentTarget.value === "" ? -1 : 0);
        }}
        onKeyDown={(event) => {
          if (control.onKeyDown(event)) return;
          if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
          event.preventDefault();
          props.onDone();
        }}
      />
      <OptionList
        isMulti
        label={t("values")}
        control={control}
        onPick={pick}
        options={options.map(({ value, label, count }) => ({
          id: printValue(value),
          label: <bdi>{label}</bdi>,
          isChosen: chosen.has(printValue(value)),
          ...(count !== undefined && { count }),
        }))}
        className="max-h-60"
      />
    </div>
  );
}
