import { Tooltip as Primitive } from "radix-ui";
import type { ReactElement, ReactNode } from "react";

/** A word more about the element inside, on hover and on focus. Never the only place of what one must know. */
export function Tooltip(props: {
  text: ReactNode;
  children: ReactElement;
  side?: "top" | "right" | "bottom" | "left";
}) {
  return (
    <Primitive.Provider delayDuration={400} skipDelayDuration={200} disableHoverableContent={false}>
      <Primitive.Root>
        <Primitive.Trigger asChild>{props.children}</Primitive.Trigger>
        <Primitive.Portal>
          <Primitive.Content
            side={props.side ?? "top"}
            sideOffset={6}
            collisionPadding={8}
            className="z-popover max-w-80 animate-fade-in rounded-badge border border-line bg-surface-3 px-2 py-1 text-fg text-xs shadow-floating [overflow-wrap:anywhere]"
          >
            {props.text}
          </Primitive.Content>
        </Primitive.Portal>
      </Primitive.Root>
    </Primitive.Provider>
  );
}
