import type { ComponentProps } from "react";

import { cn } from "@/components/class-names";
import { type ControlProps, useControl } from "./field-context";

export const controlLook =
  "w-full rounded-control border border-line-strong bg-surface text-base text-fg transition-colors hover:border-fg-3 disabled:bg-surface-2 disabled:text-fg-3 [&[readonly]]:bg-surface-2 aria-invalid:border-err pointer-coarse:text-lg";

/** One line of text. */
export function Input({ className, ...rest }: ComponentProps<"input">) {
  const control = useControl(rest as ControlProps);
  return (
    <input
      autoComplete="off"
      spellCheck={false}
      {...control}
      className={cn(controlLook, "h-8 px-2.5 pointer-coarse:h-10", className)}
    />
  );
}
