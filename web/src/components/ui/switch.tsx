import type { ComponentProps } from "react";

import { cn } from "@/components/class-names";
import { type ControlProps, useControl } from "./field-context";

/** On or off. Its shape says the state too: the knob is on the right when on. */
export function Switch({ className, ...rest }: Omit<ComponentProps<"input">, "type" | "role">) {
  const control = useControl(rest as ControlProps);
  return (
    <input
      {...control}
      type="checkbox"
      // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox tells its own state
      role="switch"
      className={cn(
        "relative h-5 w-9 shrink-0 cursor-pointer appearance-none rounded-full border border-line-strong bg-surface-3 transition-colors checked:border-primary checked:bg-primary disabled:opacity-50",
        "before:absolute before:top-[3px] before:left-[3px] before:size-3 before:rounded-full before:bg-fg-2 before:transition-[translate] checked:before:translate-x-4 checked:before:bg-on-primary",
        "forced-colors:appearance-auto",
        className,
      )}
    />
  );
}
