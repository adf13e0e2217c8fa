/** Names of people, keys and addresses made unreadable, for a screen that others see. */
import { useSyncExternalStore } from "react";

import { readPreference, removePreference, writePreference } from "./preference";

const storageKey = "privacy";
const listeners = new Set<() => void>();

const isOn = () => readPreference(storageKey) !== null;

/** The stylesheet blurs what is marked with `data-private` while the root says so. */
function show() {
  document.documentElement.toggleAttribute("data-privacy", isOn());
}

export function togglePrivacy(): void {
  if (isOn()) removePreference(storageKey);
  else writePreference(storageKey, "on");
  for (const listener of listeners) listener();
}

listeners.add(show);
show();

/** Whether they are unreadable now. It is kept for the device, so that a reload gives nothing away. */
export function usePrivacy(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, isOn);
}
