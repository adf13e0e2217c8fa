import { Check } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";

import { cn } from "@/components/class-names";

/** One of a list under a text field. */
export interface Option {
  readonly id: string;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly count?: string;
  /** Where several can be chosen: whether this one is. */
  readonly isChosen?: boolean;
}

/** A list that is walked with the arrow keys while the focus stays in a text field. `-1`: none is meant. */
export function useOptions(count: number, onPick: (index: number) => void, first: -1 | 0 = -1) {
  const listId = useId();
  const [active, setActive] = useState<number>(first);
  const at = Math.min(active, count - 1);
  function onKeyDown(event: KeyboardEvent): boolean {
    const next = {
      ArrowDown: at + 1 >= count ? 0 : at + 1,
      ArrowUp: at <= 0 ? count - 1 : at - 1,
    }[event.key];
    if (next !== undefined && count > 0) setActive(next);
    else if (event.key === "Enter" && at >= 0 && !event.nativeEvent.isComposing) onPick(at);
    else return false;
    event.preventDefault();
    return true;
  }
  return {
    listId,
    active: at,
    setActive,
    onKeyDown,
    optionId: (index: number) => `${listId}-${index}`,
  };
}

/** The list itself. */
export function OptionList(props: {
  options: readonly Option[];
  label: string;
  control: Pick<ReturnType<typeof useOptions>, "listId" | "active" | "setActive" | "optionId">;
  onPick: (index: number) => void;
  isMulti?: boolean;
  className?: string;
}) {
  const { options, control, isMulti = false } = props;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (control.active < 0) return;
    list.current?.children[control.active]?.scrollIntoView?.({ block: "nearest" });
  }, [control.active]);
  return (
    <div
      ref={list}
      id={control.listId}
      role="listbox"
      tabIndex={-1}
      aria-label={props.label}
      aria-multiselectable={isMulti || undefined}
      className={cn("max-h-72 overflow-y-auto", props.className)}
    >
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the text field that has the focus
        <div
          key={option.id}
          id={control.optionId(index)}
          role="option"
          tabIndex={-1}
          aria-selected={isMulti ? (option.isChosen ?? false) : index === control.active}
          onMouseMove={() => control.setActive(index)}
          // The focus stays in the text field.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => props.onPick(index)}
          className={cn(
            "flex min-h-8 cursor-pointer items-center gap-2 rounded-badge px-2 text-sm pointer-coarse:min-h-11",
            index === control.active && "bg-surface-2",
          )}
        >
          {isMulti && (
            <Check
              aria-hidden="true"
              className={cn("size-4 shrink-0 stroke-[1.5]", !option.isChosen && "invisible")}
            />
          )}
          <span className="min-w-0 truncate">{option.label}</span>
          {option.hint !== undefined && (
            <span className="min-w-0 shrink-2 truncate text-fg-3 text-xs">{option.hint}</span>
          )}
          {option.count !== undefined && (
            <span className="num ml-auto pl-2 text-fg-3 text-xs">{option.count}</span>
          )}
        </div>
      ))}
    </div>
  );
}
