/** Keys that do something anywhere on a page: `?`, `[`, or two in a row, `g d`. */
import { useEffect, useRef, useSyncExternalStore } from "react";

export interface Shortcut {
  /** As `KeyboardEvent.key` says it, in small letters; two in a row with a space between, with Shift as `shift+m`. */
  keys: string;
  /** What they do, for the list of all shortcuts. */
  label: string;
  /** Under which heading of that list. */
  group: "go" | "page" | "everywhere";
}

type Handler = (event: KeyboardEvent) => void;

const secondKeyMs = 1_000;
const entries = new Map<string, { shortcut: Shortcut; handler: Handler }[]>();
const listeners = new Set<() => void>();
let list: Shortcut[] = [];
let enabled = true;
let first: { key: string; at: number } | undefined;

/** Switches single keys off for those who press them by accident (WCAG 2.1.4). */
export function enableShortcuts(on: boolean): void {
  enabled = on;
}

function refresh() {
  list = [...entries.values()].flatMap((stack) => stack.at(-1)?.shortcut ?? []);
  for (const listener of listeners) listener();
}

function register(shortcut: Shortcut, handler: Handler): () => void {
  const entry = { shortcut, handler };
  entries.set(shortcut.keys, [...(entries.get(shortcut.keys) ?? []), entry]);
  refresh();
  return () => {
    const left = (entries.get(shortcut.keys) ?? []).filter((one) => one !== entry);
    if (left.length > 0) entries.set(shortcut.keys, left);
    else entries.delete(shortcut.keys);
    refresh();
  };
}

/** A shortcut while the component is there. The one mounted last wins. */
export function useShortcut(shortcut: Shortcut | undefined, handler: Handler): void {
  const latest = useRef(handler);
  latest.current = handler;
  const { keys, label, group } = shortcut ?? {};
  useEffect(() => {
    if (keys === undefined || label === undefined || group === undefined) return;
    return register({ keys, label, group }, (event) => latest.current(event));
  }, [keys, label, group]);
}

/** All shortcuts that work now. */
export function useShortcuts(): Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => list,
  );
}

/** Gives a key press to its shortcut. True when there was one. */
export function pressKey(event: KeyboardEvent): boolean {
  if (!enabled || event.defaultPrevented || event.isComposing) return false;
  if (event.ctrlKey || event.metaKey || event.altKey || takesText(event.target)) return false;
  const key = event.key.toLowerCase();
  const before = first && event.timeStamp - first.at < secondKeyMs ? first.key : undefined;
  first = undefined;
  const entry =
    (event.shiftKey && entries.get(`shift+${key}`)?.at(-1)) ||
    (before !== undefined && entries.get(`${before} ${key}`)?.at(-1)) ||
    entries.get(key)?.at(-1);
  if (entry) {
    event.preventDefault();
    entry.handler(event);
    return true;
  }
  if ([...entries.keys()].some((keys) => keys.startsWith(`${key} `))) {
    first = { key, at: event.timeStamp };
  }
  return false;
}

/** Whether the press is meant for a control that takes letters, or for what lies above the page. */
function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return (
    target.closest(
      "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=true], [role=dialog], [role=menu], [role=listbox]",
    ) !== null
  );
}
