import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import { type ComponentProps, type ReactNode, useId } from "react";

import { cn } from "@/components/class-names";
import { Spinner } from "./spinner";
import { Tooltip } from "./tooltip";

const look = cva(
  "relative inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-control border font-medium transition-colors disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:stroke-[1.5]",
  {
    variants: {
      variant: {
        primary:
          "border-transparent bg-primary text-on-primary hover:bg-[color-mix(in_oklch,var(--primary)_88%,var(--fg))] active:bg-[color-mix(in_oklch,var(--primary)_78%,var(--fg))]",
        outline: "border-line-strong/50 bg-surface text-fg hover:bg-surface-2 active:bg-surface-3",
        ghost:
          "border-transparent text-fg-2 hover:bg-surface-2 hover:text-fg active:bg-surface-3 aria-pressed:bg-surface-3 aria-pressed:text-fg data-[state=open]:bg-surface-3 data-[state=open]:text-fg",
        danger:
          "border-transparent bg-err text-on-primary hover:bg-[color-mix(in_oklch,var(--err)_88%,var(--fg))] active:bg-[color-mix(in_oklch,var(--err)_78%,var(--fg))]",
        danger_outline:
          "border-line-strong/50 bg-surface text-err hover:bg-err-soft active:bg-err-soft",
      },
      size: {
        sm: "h-7 px-2.5 text-sm pointer-coarse:h-10",
        md: "h-8 px-3.5 text-base pointer-coarse:h-10",
      },
    },
    defaultVariants: { variant: "outline", size: "md" },
  },
);

export interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof look> {
  /** Draws the one child as a button: for links. */
  asChild?: boolean;
  /** Work is under way: the label and the width stay, a second press does nothing. */
  loading?: boolean;
  /** Why it cannot be pressed now. It stays reachable, so that the reason can be read. */
  disabledReason?: string | undefined;
  icon?: ReactNode;
}

/** Something that happens when pressed; its label is a verb. One `primary` per page. */
export function Button({
  asChild,
  loading = false,
  disabledReason,
  icon,
  variant,
  size,
  className,
  children,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  // The spinner takes its place from the right: the width stays.
  const aside = loading && !icon && (size === "sm" ? "pr-1 pl-4.5" : "pr-2 pl-5");
  const classes = cn(look({ variant, size }), aside, className);
  if (asChild) {
    return (
      <Slot.Root className={classes} {...rest} {...(onClick && { onClick })}>
        {children}
      </Slot.Root>
    );
  }
  const held = loading || disabledReason !== undefined;
  const button = (
    <button
      {...rest}
      type={type}
      className={classes}
      aria-disabled={held || undefined}
      aria-busy={loading || undefined}
      aria-describedby={disabledReason === undefined ? rest["aria-describedby"] : reasonId}
      onClick={held ? (event) => event.preventDefault() : onClick}
    >
      {loading ? <Spinner className={icon ? "" : "absolute left-1.5 size-2.5!"} /> : icon}
      {children}
    </button>
  );
  if (disabledReason === undefined) return button;
  return (
    <>
      <Tooltip text={disabledReason}>{button}</Tooltip>
      <span id={reasonId} hidden>
        {disabledReason}
      </span>
    </>
  );
}
