import { useSyncExternalStore } from "react";

import { readPreference, removePreference, writePreference } from "./preference";

export const themes = ["light", "dark", "system"] as const;
export type Theme = (typeof themes)[number];

const storageKey = "theme"; // public/theme.js reads it before the first paint
const listeners = new Set<() => void>();

export function savedTheme(): Theme {
  return themes.find((theme) => theme === readPreference(storageKey)) ?? "system";
}

export function setTheme(theme: Theme): void {
  if (theme === "system") {
    removePreference(storageKey);
    delete document.documentElement.dataset.theme;
  } else {
    writePreference(storageKey, theme);
    document.documentElement.dataset.theme = theme;
  }
  for (const listener of listeners) listener();
}

/** Calls back when the colours change: by choice, or with the system. */
export function onThemeChange(listener: () => void): () => void {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  listeners.add(listener);
  system.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", listener);
  };
}

/** The chosen theme, and a way to choose another. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(onThemeChange, savedTheme), setTheme];
}
