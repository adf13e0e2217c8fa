import { ListFilter } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Segmented } from "@/components/ui/segmented";
import { Sheet, SheetClose, SheetContent, SheetTrigger } from "@/components/ui/sheet";
import { useIsNarrow } from "@/table/media";
import { AddFilter } from "./add-filter";
import { Chips } from "./chips";
import type { Facet, FilterField } from "./field";
import { parseLine, printTerms } from "./grammar";
import type { ListState } from "./list-state";
import type { Span } from "./range";
import { RangePicker } from "./range-picker";
import { SavedViews } from "./saved-views";
import { SearchBox } from "./search-box";

/** A set of conditions under one name. */
export interface Preset {
  readonly id: string;
  readonly label: string;
  /** In the grammar: `outcome:failed,broken`. */
  readonly filter: string;
}

interface Props {
  state: ListState;
  fields: readonly FilterField[];
  facets?: readonly Facet[];
  presets?: readonly Preset[];
  /** The spans offered; the picker is there if the list has a range. */
  spans?: readonly Span[];
  placeholder?: string;
  /** The name under which views of this list are saved; without it none are. */
  views?: string;
  /** At the right end. */
  children?: ReactNode;
}

const noFacets: readonly Facet[] = [];

/** What narrows a list: words, conditions, quick choices and the range of time. All of it is in the address. */
export function FilterBar(props: Props) {
  const { t } = useTranslation("filter");
  const { state, fields, facets = noFacets } = props;
  const isNarrow = useIsNarrow();
  const search = (
    <SearchBox
      state={state}
      fields={fields}
      facets={facets}
      placeholder={props.placeholder ?? (isNarrow ? t("search") : undefined)}
    />
  );
  if (isNarrow) {
    return (
      <search aria-label={t("label")} className="flex items-center gap-2 pb-3">
        {search}
        <FilterSheet {...props} facets={facets} />
      </search>
    );
  }
  return (
    <search aria-label={t("label")} className="block space-y-2 pb-3">
      <div className="flex flex-wrap items-center gap-2">
        {search}
        {fields.length > 0 && (
          <AddFilter
            fields={fields}
            facets={facets}
            terms={state.terms}
            onChange={state.setTerms}
          />
        )}
        <Range {...props} />
        {props.views && <SavedViews list={props.views} state={state} />}
        {props.children}
      </div>
      {(props.presets || state.isFiltered) && (
        <div className="flex flex-wrap items-center gap-2">
          <Presets {...props} />
          <Chips terms={state.terms} fields={fields} facets={facets} onChange={state.setTerms} />
          {state.isFiltered && (
            <Button size="sm" variant="ghost" onClick={state.clear}>
              {t("clear")}
            </Button>
          )}
        </div>
      )}
    </search>
  );
}

function Range({ state, spans }: Pick<Props, "state" | "spans">) {
  if (!state.range) return null;
  return <RangePicker range={state.range} onChange={state.setRange} {...(spans && { spans })} />;
}

function Presets({ state, presets }: Pick<Props, "state" | "presets">) {
  const { t } = useTranslation("filter");
  if (!presets || presets.length === 0) return null;
  const now = printTerms(state.terms);
  const filterOf = (preset: Preset) => printTerms(parseLine(preset.filter).terms);
  const chosen = now === "" ? "" : (presets.find((one) => filterOf(one) === now)?.id ?? "?");
  return (
    <Segmented
      label={t("presets")}
      value={chosen}
      onChange={(id) => {
        const preset = presets.find((one) => one.id === id);
        state.setTerms(parseLine(preset?.filter ?? "").terms);
      }}
      options={[
        { value: "", label: t("preset_all") },
        ...presets.map(({ id, label }) => ({ value: id, label })),
      ]}
    />
  );
}

/** On a narrow screen: everything but the words, as tall as the screen. */
function FilterSheet(props: Props & { facets: readonly Facet[] }) {
  const { t } = useTranslation("filter");
  const { state, fields, facets } = props;
  const [isOpen, setIsOpen] = useState(false);
  const count = state.terms.length;
  return (
    <Sheet open={isOpen} onOpenChange={setIsOpen}>
      <SheetTrigger asChild>
        <Button icon={<ListFilter aria-hidden="true" />}>
          {count === 0 ? t("open") : t("open_count", { count })}
        </Button>
      </SheetTrigger>
      <SheetContent
        title={t("label")}
        footer={
          <>
            {state.isFiltered && (
              <Button variant="ghost" onClick={state.clear}>
                {t("clear")}
              </Button>
            )}
            <SheetClose asChild>
              <Button variant="primary">{t("show_rows")}</Button>
            </SheetClose>
          </>
        }
      >
        <div className="flex flex-col items-start gap-4">
          <Range {...props} />
          <Presets {...props} />
          {props.views && <SavedViews list={props.views} state={state} />}
          <div className="flex max-w-full flex-wrap gap-2">
            <Chips terms={state.terms} fields={fields} facets={facets} onChange={state.setTerms} />
          </div>
          {fields.length > 0 && (
            <AddFilter
              fields={fields}
              facets={facets}
              terms={state.terms}
              onChange={state.setTerms}
            />
          )}
          {props.children}
        </div>
      </SheetContent>
    </Sheet>
  );
}
