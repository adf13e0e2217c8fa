import type { ComponentProps, ReactNode } from "react";

import { cn } from "@/components/class-names";
import { Button } from "./button";
import { Kbd } from "./kbd";
import { Tooltip } from "./tooltip";

interface Props extends Omit<ComponentProps<typeof Button>, "icon" | "asChild" | "children"> {
  /** What it does: read aloud, and shown as a tooltip. */
  label: string;
  icon: ReactNode;
  /** The keys that do the same. */
  keys?: string;
  /** No tooltip, where a menu opens at once. */
  plain?: boolean;
}

/** A button that is only an icon. */
export function IconButton({ label, icon, keys, plain = false, className, ...rest }: Props) {
  const narrow = rest.size === "sm" ? "w-7" : "w-8";
  const button = (
    <Button
      variant="ghost"
      aria-label={label}
      className={cn("px-0 pointer-coarse:w-10", narrow, className)}
      {...rest}
    >
      {icon}
    </Button>
  );
  if (plain || rest.disabledReason !== undefined) return button;
  return (
    <Tooltip
      text={
        <>
          {label}
          {keys && <Kbd keys={keys} className="ml-2" />}
        </>
      }
    >
      {button}
    </Tooltip>
  );
}
