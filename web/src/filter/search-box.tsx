import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { Input } from "@/components/ui/input";
import { formatCount } from "@/format/number";
import type { Facet, FilterField } from "./field";
import { chunksOf, headOf, parseLine, printTerm, withTerm } from "./grammar";
import type { ListState } from "./list-state";
import { OptionList, useOptions } from "./option-list";
import { suggest } from "./suggest";

/** Words search while they are typed, after a pause of this many milliseconds. */
const pauseMs = 300;

/** The text field of a list: words, and conditions that become chips as soon as they are complete. */
export function SearchBox(props: {
  state: ListState;
  fields: readonly FilterField[];
  facets: readonly Facet[];
  placeholder?: string | undefined;
}) {
  const { t } = useTranslation("filter");
  const { state, fields, facets } = props;
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(state.q);
  const [caret, setCaret] = useState(0);
  const [isOpen, setIsOpen] = useState(false);
  const isField = (name: string) => fields.some((field) => field.name === name);

  // The words may change elsewhere: Back, "Clear all".
  const committed = useRef(state.q);
  useEffect(() => {
    if (state.q === committed.current) return;
    committed.current = state.q;
    setDraft(state.q);
  }, [state.q]);

  const latest = useRef(state);
  latest.current = state;
  const hasHead = chunksOf(draft).some(({ text }) => isField(headOf(text)?.field ?? ""));
  useEffect(() => {
    const words = draft.trim();
    if (hasHead || words === committed.current) return;
    const timer = setTimeout(() => {
      committed.current = words;
      latest.current.setQ(words);
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [draft, hasHead]);

  /** Makes chips of the conditions in a line; the words stay, with a blank after them if more is to come. */
  function commit(line: string, isGoingOn = false) {
    const { terms, words } = parseLine(line, isField);
    setDraft(isGoingOn && words !== "" ? `${words} ` : words);
    if (terms.length === 0 && words === state.q) return;
    committed.current = words;
    state.setLine({ terms: terms.reduce(withTerm, state.terms), words });
  }

  const { from, to, items } = suggest(draft, caret, fields, facets);
  const isShown = isOpen && items.length > 0;

  function pick(index: number) {
    const item = items[index];
    if (!item) return;
    const line = draft.slice(0, from) + item.insert + draft.slice(to);
    if (item.kind === "value") {
      commit(line);
      setCaret(0);
      setIsOpen(false);
    } else {
      setDraft(line);
      const end = from + item.insert.length;
      setCaret(end);
      requestAnimationFrame(() => input.current?.setSelectionRange(end, end));
    }
    control.setActive(-1);
  }
  const control = useOptions(items.length, pick);

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === "ArrowDown" && !isShown) setIsOpen(true);
    if (isShown && control.onKeyDown(event)) return;
    if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      commit(draft);
      setIsOpen(false);
    } else if (event.key === "Escape" && isShown) {
      event.preventDefault();
      event.stopPropagation();
      setIsOpen(false);
    } else if (event.key === "Backspace" && draft === "") {
      const last = state.terms.at(-1);
      if (!last) return;
      event.preventDefault();
      state.setTerms(state.terms.slice(0, -1));
      const text = printTerm(last);
      setDraft(text);
      setCaret(text.length);
    }
  }

  return (
    <div className="relative min-w-0 flex-1 basis-64">
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 stroke-[1.5] text-fg-3"
      />
      <Input
        ref={input}
        type="search"
        enterKeyHint="search"
        role="combobox"
        aria-label={t("search")}
        aria-keyshortcuts="/"
        aria-autocomplete="list"
        aria-expanded={isShown}
        aria-controls={control.listId}
        aria-activedescendant={
          isShown && control.active >= 0 ? control.optionId(control.active) : undefined
        }
        placeholder={
          props.placeholder ?? t("search_hint", { example: `${fields[0]?.name ?? "name"}:…` })
        }
        value={draft}
        onChange={(event) => {
          const { value, selectionStart } = event.currentTarget;
          const end = selectionStart ?? value.length;
          const isComplete = /\s/.test(value[end - 1] ?? "") && isTermBefore(value, end);
          control.setActive(-1);
          setIsOpen(true);
          setCaret(end);
          if (isComplete) commit(value, true);
          else setDraft(value);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onKeyDown={onKeyDown}
        onBlur={() => {
          setIsOpen(false);
          commit(draft);
        }}
        className="pl-8 [&::-webkit-search-cancel-button]:appearance-none"
      />
      {isShown && (
        <OptionList
          label={t("suggestions")}
          control={control}
          onPick={pick}
          options={items.map((item) => ({
            id: item.insert,
            label: item.label,
            ...(item.hint !== undefined && { hint: item.hint }),
            ...(item.count !== undefined && { count: formatCount(item.count) }),
          }))}
          className="absolute inset-x-0 top-full z-popover mt-1 rounded-panel border border-line bg-surface p-1 shadow-floating"
        />
      )}
    </div>
  );

  /** Whether what ends before the blank just typed is a condition, and not inside quotes. */
  function isTermBefore(line: string, end: number): boolean {
    const chunk = chunksOf(line.slice(0, end)).at(-1);
    return chunk !== undefined && chunk.to < end && parseLine(chunk.text, isField).terms.length > 0;
  }
}
