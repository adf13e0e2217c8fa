import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import type { Facet, FilterField } from "./field";
import { type Term, withTerm } from "./grammar";
import { OptionList, useOptions } from "./option-list";
import { TermEditor } from "./term-editor";

/** A further condition: first the field, then its values. */
export function AddFilter(props: {
  fields: readonly FilterField[];
  facets: readonly Facet[];
  terms: readonly Term[];
  onChange: (terms: readonly Term[]) => void;
}) {
  const { t } = useTranslation("filter");
  const [isOpen, setIsOpen] = useState(false);
  const [field, setField] = useState<FilterField | undefined>(undefined);
  return (
    <Popover
      open={isOpen}
      onOpenChange={(open) => {
        setIsOpen(open);
        setField(undefined);
      }}
    >
      <PopoverTrigger asChild>
        <Button icon={<Plus aria-hidden="true" />}>{t("add")}</Button>
      </PopoverTrigger>
      <PopoverContent aria-label={t("add")} className="w-80">
        {field ? (
          <TermEditor
            field={field}
            facets={props.facets}
            onApply={(term) => {
              setIsOpen(false);
              if (term) props.onChange(withTerm(props.terms, term));
            }}
          />
        ) : (
          <FieldPicker fields={props.fields} onPick={setField} />
        )}
      </PopoverContent>
    </Popover>
  );
}

function FieldPicker(props: {
  fields: readonly FilterField[];
  onPick: (field: FilterField) => void;
}) {
  const { t } = useTranslation("filter");
  const [query, setQuery] = useState("");
  const wanted = query.trim().toLocaleLowerCase();
  const found = props.fields.filter(
    ({ name, label }) => name.includes(wanted) || label.toLocaleLowerCase().includes(wanted),
  );
  const pick = (index: number) => {
    const field = found[index];
    if (field) props.onPick(field);
  };
  const control = useOptions(found.length, pick, 0);
  return (
    <div className="space-y-1">
      <Input
        autoFocus
        role="combobox"
        aria-label={t("fields")}
        aria-expanded
        aria-controls={control.listId}
        aria-activedescendant={control.active >= 0 ? control.optionId(control.active) : undefined}
        placeholder={t("find_field")}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          control.setActive(0);
        }}
        onKeyDown={(event) => control.onKeyDown(event)}
      />
      <OptionList
        label={t("fields")}
        control={control}
        onPick={pick}
        options={found.map(({ name, label }) => ({ id: name, label, hint: name }))}
      />
      {found.length === 0 && <p className="px-2 py-1 text-fg-2 text-sm">{t("no_field")}</p>}
    </div>
  );
}
