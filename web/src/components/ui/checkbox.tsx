import { type ComponentProps, type ReactNode, useEffect, useRef } from "react";

import { cn } from "@/components/class-names";
import { type ControlProps, useControl } from "./field-context";

interface Props extends Omit<ComponentProps<"input">, "type" | "children"> {
  /** Some, not all, of what it stands for. */
  indeterminate?: boolean;
  /** Beside the box. Without it, give `aria-label`. */
  label?: ReactNode;
  help?: ReactNode;
}

/** Yes or no, saved with the form. */
export function Checkbox({ indeterminate = false, label, help, className, ref, ...rest }: Props) {
  const own = useRef<HTMLInputElement>(null);
  const control = useControl(rest as ControlProps);
  useEffect(() => {
    if (own.current) own.current.indeterminate = indeterminate;
  }, [indeterminate]);
  const box = (
    <input
      {...control}
      type="checkbox"
      ref={(element) => {
        own.current = element;
        if (typeof ref === "function") return ref(element);
        if (ref) ref.current = element;
      }}
      className={cn(
        "size-4 shrink-0 accent-primary disabled:opacity-50",
        label === undefined && className,
      )}
    />
  );
  if (label === undefined) return box;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the box is inside
    <label className={cn("touch-target flex min-h-6 min-w-0 items-start gap-2 py-0.5", className)}>
      <span className="flex h-5 items-center">{box}</span>
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {label}
        {help !== undefined && <span className="block text-fg-3 text-xs">{help}</span>}
      </span>
    </label>
  );
}
