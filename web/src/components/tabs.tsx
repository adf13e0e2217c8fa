import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";

interface Props<Value extends string> {
  label: string;
  options: readonly { value: Value; label: string }[];
  value: Value;
  onChange: (value: Value) => void;
  children: ReactNode;
}

/** Tabs over one panel. Arrow keys, Home and End move and choose at once. */
export function Tabs<Value extends string>(props: Props<Value>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);

  function onKeyDown(event: KeyboardEvent) {
    const at = props.options.findIndex((option) => option.value === props.value);
    const to = target(event.key, at, props.options.length);
    const option = to === undefined ? undefined : props.options[to];
    if (!option || to === undefined) return;
    event.preventDefault();
    props.onChange(option.value);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[to]?.focus();
  }

  return (
    <div>
      <div
        ref={list}
        role="tablist"
        aria-label={props.label}
        onKeyDown={onKeyDown}
        className="flex flex-wrap gap-x-1 border-line border-b"
      >
        {props.options.map((option) => {
          const chosen = option.value === props.value;
          return (
            <button
              key={option.value}
              type="button"
              role="tab"
              id={`${id}-${option.value}`}
              aria-selected={chosen}
              aria-controls={`${id}-panel`}
              tabIndex={chosen ? 0 : -1}
              onClick={() => props.onChange(option.value)}
              className="-mb-px min-h-9 border-transparent border-b-2 px-2 text-fg-2 hover:text-fg aria-selected:border-primary aria-selected:font-medium aria-selected:text-fg pointer-coarse:min-h-11 sm:px-3"
            >
              {option.label}
            </button>
          );
        })}
      </div>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${props.value}`}
        className="mt-3 space-y-3"
      >
        {props.children}
      </div>
    </div>
  );
}

function target(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case "ArrowRight":
      return (at + 1) % count;
    case "ArrowLeft":
      return (at + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
