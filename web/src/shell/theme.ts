import { useState } from "react";

import { readPreference, removePreference, writePreference } from "./preference";

export const themes = ["light", "dark", "system"] as const;
export type Theme = (typeof themes)[number];

const storageKey = "theme"; // public/theme.js reads it before the first paint

/** The chosen theme, and a way to choose another. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(savedTheme);
  function choose(next: Theme) {
    setTheme(next);
    if (next === "system") {
      removePreference(storageKey);
      delete document.documentElement.dataset.theme;
    } else {
      writePreference(storageKey, next);
      document.documentElement.dataset.theme = next;
    }
  }
  return [theme, choose];
}

function savedTheme(): Theme {
  return themes.find((theme) => theme === readPreference(storageKey)) ?? "system";
}
