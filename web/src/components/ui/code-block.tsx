import { type ReactNode, useId } from "react";

import { cn } from "@/components/class-names";
import { CopyButton } from "./copy-button";

interface Props {
  /** Above the text: the file or the shell it belongs to. */
  name: string;
  /** What is copied. */
  text: string;
  /** What is shown, where it differs: coloured, or with a secret masked. */
  children?: ReactNode;
  /** More buttons beside Copy. */
  actions?: ReactNode;
  wrap?: boolean;
  /** The text is a secret: unreadable under the privacy mask. */
  isPrivate?: boolean;
  className?: string;
}

/** A text to copy, with its name above it. */
export function CodeBlock({
  name,
  text,
  children,
  actions,
  wrap = false,
  isPrivate,
  className,
}: Props) {
  const nameId = useId();
  return (
    <figure
      className={cn("overflow-hidden rounded-panel border border-line bg-surface", className)}
    >
      <figcaption className="flex min-h-9 items-center gap-1 border-line border-b bg-surface-2 py-0.5 pr-1 pl-3">
        <span id={nameId} className="min-w-0 flex-1 truncate font-mono text-fg-2 text-xs">
          {name}
        </span>
        {actions}
        <CopyButton text={text} what={name} />
      </figcaption>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-labelledby={nameId}
        className="max-h-120 overflow-auto px-3 py-2 -outline-offset-2!"
      >
        <pre
          className={cn(
            "font-mono text-sm",
            wrap && "whitespace-pre-wrap [overflow-wrap:anywhere]",
          )}
        >
          <code {...(isPrivate && { "data-private": "" })}>{children ?? text}</code>
        </pre>
      </section>
    </figure>
  );
}
