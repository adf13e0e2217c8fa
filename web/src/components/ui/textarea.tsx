import type { ComponentProps } from "react";

import { cn } from "@/components/class-names";
import { type ControlProps, useControl } from "./field-context";
import { controlLook } from "./input";

/** Several lines of text; grows with them where the browser can. */
export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  const control = useControl(rest as ControlProps);
  return (
    <textarea
      rows={4}
      spellCheck={false}
      {...control}
      className={cn(
        controlLook,
        "field-sizing-content max-h-120 min-h-20 px-2.5 py-1.5",
        className,
      )}
    />
  );
}
