import type { KeyboardEvent } from "react";

/** What a key means on a row of a table. */
export type RowCommand =
  | { readonly kind: "go"; readonly to: number; readonly isRange: boolean }
  | { readonly kind: "open" | "select" | "menu" | "clear" }
  | { readonly kind: "other"; readonly key: string };

const pageStep = 10;

/** The command of a key pressed while row `at` of `count` has the focus, or something inside it. */
export function rowCommand(
  event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">,
  at: number,
  count: number,
  isOnRow: boolean,
): RowCommand | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const go = (to: number): RowCommand => ({
    kind: "go",
    to: Math.max(0, Math.min(count - 1, to)),
    isRange: event.shiftKey,
  });
  switch (event.key) {
    case "ArrowDown":
    case "j":
    case "J":
      return go(at + 1);
    case "ArrowUp":
    case "k":
    case "K":
      return go(at - 1);
    case "PageDown":
      return go(at + pageStep);
    case "PageUp":
      return go(at - pageStep);
    case "Home":
      return go(0);
    case "End":
      return go(count - 1);
    case "Enter":
    case " ":
      return isOnRow ? { kind: "open" } : undefined;
    case "x":
    case "X":
      return { kind: "select" };
    case ".":
      return { kind: "menu" };
    case "Escape":
      return { kind: "clear" };
    default:
      return event.key.length === 1 ? { kind: "other", key: event.key.toLowerCase() } : undefined;
  }
}

/** Whether keys pressed there are text. */
export function isTyping(target: EventTarget): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("textarea,select")) return true;
  return (
    target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type)
  );
}
