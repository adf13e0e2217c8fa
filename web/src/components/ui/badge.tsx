import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";

import { cn } from "@/components/class-names";

const look = cva(
  "inline-flex max-w-full items-center gap-1 whitespace-nowrap rounded-badge px-1.5 text-xs/5 font-medium [&_svg]:size-3",
  {
    variants: {
      tone: {
        neutral: "bg-surface-3 text-fg-2",
        info: "bg-primary-soft text-primary",
        ok: "bg-ok-soft text-ok",
        warn: "bg-warn-soft text-warn",
        err: "bg-err-soft text-err",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

/** A word about a thing: its kind, a tag, a count. A state is a `StatusBadge`. */
export function Badge({
  tone,
  className,
  ...rest
}: ComponentProps<"span"> & VariantProps<typeof look>) {
  return <span className={cn(look({ tone }), className)} {...rest} />;
}
