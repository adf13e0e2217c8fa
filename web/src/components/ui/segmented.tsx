import { type ReactNode, useId } from "react";

import { cn } from "@/components/class-names";

interface Props<Value extends string> {
  /** What is chosen: read aloud, not shown. */
  label: string;
  options: readonly { value: Value; label: ReactNode; lang?: string; title?: string }[];
  value: Value;
  onChange: (value: Value) => void;
  className?: string;
}

/** A choice of few: radio buttons that look like one control. Arrow keys move between them. */
export function Segmented<Value extends string>(props: Props<Value>) {
  const name = useId();
  return (
    <fieldset
      className={cn(
        "relative inline-flex max-w-full overflow-x-auto rounded-control border border-line-strong/50 bg-surface p-px",
        props.className,
      )}
    >
      <legend className="sr-only">{props.label}</legend>
      {props.options.map((option) => (
        <label
          key={option.value}
          lang={option.lang}
          title={option.title}
          className="flex h-7 shrink-0 cursor-pointer items-center gap-1 whitespace-nowrap rounded-[5px] px-2.5 text-fg-2 text-sm hover:text-fg has-checked:bg-surface-3 has-checked:font-medium has-checked:text-fg has-focus-visible:outline-2 has-focus-visible:outline-ring has-focus-visible:-outline-offset-1 pointer-coarse:h-10 [&_svg]:size-4 [&_svg]:stroke-[1.5]"
        >
          <input
            type="radio"
            name={name}
            checked={option.value === props.value}
            onChange={() => props.onChange(option.value)}
            className="sr-only"
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
