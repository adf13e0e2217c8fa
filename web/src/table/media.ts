import { useSyncExternalStore } from "react";

/** Whether the page is too narrow for a table: below 768 px. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query()?.matches ?? false);
}

const query = () => window.matchMedia?.("(width < 768px)") ?? undefined;

function subscribe(onChange: () => void): () => void {
  const list = query();
  list?.addEventListener("change", onChange);
  return () => list?.removeEventListener("change", onChange);
}
