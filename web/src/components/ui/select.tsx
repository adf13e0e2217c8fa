import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";

import { cn } from "@/components/class-names";
import { type ControlProps, useControl } from "./field-context";
import { controlLook } from "./input";

/** One of a known few. The browser's own list: it works with every keyboard, finger and reader. */
export function Select({ className, children, ...rest }: ComponentProps<"select">) {
  const control = useControl(rest as ControlProps);
  return (
    <span className={cn("relative block", className)}>
      <select
        {...control}
        className={cn(controlLook, "h-8 appearance-none truncate pr-8 pl-2.5 pointer-coarse:h-10")}
      >
        {children}
      </select>
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2 stroke-[1.5] text-fg-3"
      />
    </span>
  );
}
