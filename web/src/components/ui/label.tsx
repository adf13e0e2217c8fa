import type { ComponentProps } from "react";

import { cn } from "@/components/class-names";

/** The name of a control, above it. */
export function Label({ className, ...rest }: ComponentProps<"label">) {
  // biome-ignore lint/a11y/noLabelWithoutControl: the caller gives `htmlFor`
  return <label className={cn("block font-medium text-sm", className)} {...rest} />;
}
