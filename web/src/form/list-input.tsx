import { X } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, type Ref, useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { type ControlProps, useControl } from "@/components/ui/field-context";
import { controlLook } from "@/components/ui/input";

export interface Suggestion {
  readonly value: string;
  /** What people call it, where that differs. */
  readonly label?: string;
}

export interface ListInputProps extends ControlProps {
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** What may stand in the list; a message otherwise. */
  check?: (item: string) => string | undefined;
  /** An item as it is kept: a mask behind an address, say. */
  tidy?: (item: string) => string;
  /** What is often put in; anything else can be typed. */
  suggestions?: readonly Suggestion[];
  placeholder?: string;
  name?: string;
  /** The field one types in. */
  ref?: Ref<HTMLInputElement>;
}

/** A list of short texts: Enter or a comma adds one, pasting adds many, Backspace in the empty field takes the last away. */
export function ListInput(props: ListInputProps) {
  const { value, onChange, check, tidy, suggestions = none, placeholder, ...rest } = props;
  const { t } = useTranslation("common");
  const list = useId();
  const control = useControl(rest);
  const [text, setText] = useState("");
  const [mistake, setMistake] = useState<string>();

  function add(pieces: readonly string[]) {
    const fresh: string[] = [];
    for (const piece of pieces.map((one) => one.trim()).filter(Boolean)) {
      const item = tidy ? tidy(piece) : piece;
      const wrong =
        check?.(item) ??
        (value.includes(item) || fresh.includes(item) ? t("list.duplicate", { item }) : undefined);
      if (wrong !== undefined) {
        setMistake(wrong);
        setText(item);
        if (fresh.length > 0) onChange([...value, ...fresh]);
        return;
      }
      fresh.push(item);
    }
    setMistake(undefined);
    setText("");
    if (fresh.length > 0) onChange([...value, ...fresh]);
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (event.nativeEvent.isComposing) return;
    if ((event.key === "Enter" || event.key === ",") && text.trim() !== "") {
      event.preventDefault();
      add([text]);
    } else if (event.key === "Backspace" && text === "" && value.length > 0) {
      onChange(value.slice(0, -1));
    }
  }

  function onPaste(event: ClipboardEvent) {
    const pieces = event.clipboardData.getData("text").split(/[\s,;]+/);
    if (pieces.filter(Boolean).length < 2) return;
    event.preventDefault();
    add(pieces);
  }

  return (
    <div className="space-y-1">
      <div
        className={cn(
          controlLook,
          "flex min-h-8 flex-wrap items-center gap-1 px-1 py-0.5 has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-ring has-[input:focus-visible]:outline-offset-2",
          (mistake !== undefined || control["aria-invalid"]) && "border-err",
        )}
      >
        {value.map((item) => (
          <span
            key={item}
            className="inline-flex max-w-full items-center rounded-badge bg-surface-3 pl-1.5 text-sm"
          >
            <span data-raw="" className="truncate">
              {item}
            </span>
            <button
              type="button"
              aria-label={t("list.remove", { item })}
              onClick={() => onChange(value.filter((one) => one !== item))}
              className="inline-flex size-6 shrink-0 items-center justify-center rounded-badge text-fg-3 hover:text-fg"
            >
              <X aria-hidden="true" className="size-3" />
            </button>
          </span>
        ))}
        <input
          {...control}
          {...(suggestions.length > 0 && { list })}
          value={text}
          placeholder={value.length === 0 ? placeholder : undefined}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setText(event.target.value);
            setMistake(undefined);
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => text.trim() !== "" && add([text])}
          className="h-6 min-w-32 flex-1 bg-transparent px-1.5 outline-none pointer-coarse:h-9"
        />
      </div>
      {suggestions.length > 0 && (
        <datalist id={list}>
          {suggestions
            .filter((one) => !value.includes(one.value))
            .map((one) => (
              <option key={one.value} value={one.value}>
                {one.label ?? one.value}
              </option>
            ))}
        </datalist>
      )}
      <p role="status" className="text-err text-sm">
        {mistake ?? ""}
      </p>
    </div>
  );
}

const none: readonly Suggestion[] = [];
