import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { type Facet, type FilterField, labelOfValue } from "./field";
import { printTerm, type Term } from "./grammar";
import { useOperatorText } from "./operator-text";
import { TermEditor } from "./term-editor";

interface Props {
  terms: readonly Term[];
  fields: readonly FilterField[];
  facets: readonly Facet[];
  onChange: (terms: readonly Term[]) => void;
}

/** The conditions in force: press one to change it, its cross to take it away. */
export function Chips({ terms, fields, facets, onChange }: Props) {
  const { t } = useTranslation("filter");
  return (
    <ul aria-label={t("label")} className="contents">
      {terms.map((term, at) => (
        <Chip
          key={printTerm(term)}
          term={term}
          field={fields.find(({ name }) => name === term.field)}
          facets={facets}
          onChange={(next) => onChange(next ? terms.with(at, next) : terms.toSpliced(at, 1))}
        />
      ))}
    </ul>
  );
}

function Chip(props: {
  term: Term;
  field: FilterField | undefined;
  facets: readonly Facet[];
  onChange: (term: Term | undefined) => void;
}) {
  const { t } = useTranslation("filter");
  const operatorText = useOperatorText();
  const [isOpen, setIsOpen] = useState(false);
  const { term, field, facets, onChange } = props;
  const labels = term.values.map((value) => {
    if (field?.kind === "flag") return t(value.text === "true" ? "flag_true" : "flag_false");
    return value.text === "_none" ? t("nothing") : labelOfValue(value, field, facets);
  });
  const [first = "", ...rest] = labels;
  const unit = field?.unit === undefined ? "" : ` ${field.unit}`;
  const shown = (rest.length === 0 ? first : t("any_of", { first, count: rest.length })) + unit;
  const name = `${field?.label ?? term.field} ${operatorText(term.operator)} ${shown}`;
  const words = (
    <>
      <span className="shrink-0 text-fg-2">
        {field?.label ?? term.field} {operatorText(term.operator)}
      </span>
      <bdi className="min-w-0 truncate font-medium">{shown}</bdi>
    </>
  );
  const look = "flex h-full min-w-0 items-center gap-1 rounded-l-control pr-1 pl-2";
  return (
    <li
      title={labels.join(", ")}
      className="inline-flex h-7 min-w-0 max-w-80 items-center rounded-control border border-line bg-surface-2 text-sm pointer-coarse:h-10"
    >
      {field ? (
        <Popover open={isOpen} onOpenChange={setIsOpen}>
          <PopoverTrigger
            aria-label={t("edit", { filter: name })}
            className={`${look} hover:bg-surface-3`}
          >
            {words}
          </PopoverTrigger>
          <PopoverContent aria-label={t("edit", { filter: name })} className="w-80">
            <TermEditor
              field={field}
              term={term}
              facets={facets}
              onApply={(next) => {
                setIsOpen(false);
                onChange(next);
              }}
            />
          </PopoverContent>
        </Popover>
      ) : (
        <span className={look}>{words}</span>
      )}
      <button
        type="button"
        aria-label={t("remove", { filter: name })}
        onClick={() => onChange(undefined)}
        className="flex h-full w-6 shrink-0 items-center justify-center rounded-r-control text-fg-2 hover:bg-surface-3 hover:text-fg pointer-coarse:w-10"
      >
        <X aria-hidden="true" className="size-3.5 stroke-[1.5]" />
      </button>
    </li>
  );
}
