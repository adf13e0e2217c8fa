import { Tabs as Primitive } from "radix-ui";
import { type ComponentProps, useEffect, useRef } from "react";

import { cn } from "@/components/class-names";

export const Tabs = Primitive.Root;

/** Name it with `aria-label`. On a narrow screen it scrolls, and the tab that is open stays in sight. */
export function TabsList({ className, ...rest }: ComponentProps<typeof Primitive.List>) {
  const list = useRef<HTMLDivElement>(null);
  const shown = useRef<Element | null>(null);
  useEffect(() => {
    const open = list.current?.querySelector<HTMLElement>("[data-state=active]");
    if (!list.current || !open || open === shown.current) return;
    shown.current = open;
    // Sideways only: `scrollIntoView` would move the page as well.
    list.current.scrollLeft = open.offsetLeft - (list.current.clientWidth - open.offsetWidth) / 2;
  });
  return (
    <Primitive.List
      ref={list}
      className={cn(
        "relative flex gap-x-1 overflow-x-auto border-line border-b [scrollbar-width:none]",
        className,
      )}
      {...rest}
    />
  );
}

export function TabsTrigger({ className, ...rest }: ComponentProps<typeof Primitive.Trigger>) {
  return (
    <Primitive.Trigger
      className={cn(
        "touch-target h-9 shrink-0 whitespace-nowrap border-transparent border-b-2 px-3 text-fg-2 -outline-offset-2! hover:text-fg data-[state=active]:border-primary data-[state=active]:font-medium data-[state=active]:text-fg",
        className,
      )}
      {...rest}
    />
  );
}

export function TabsContent({ className, ...rest }: ComponentProps<typeof Primitive.Content>) {
  return <Primitive.Content className={cn("mt-4", className)} {...rest} />;
}
