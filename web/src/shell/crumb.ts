/** The last crumb of a page whose address has an id: what the id stands for, once the page knows it. */
import { useEffect, useSyncExternalStore } from "react";

interface Crumb {
  id: string;
  name: string;
  /** The language of the name, where it may be another than the page's. */
  lang: string | undefined;
}

let known: Crumb | undefined;
const listeners = new Set<() => void>();

function become(next: Crumb | undefined) {
  known = next;
  for (const listener of listeners) listener();
}

function listen(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Says what the id in the address stands for, as long as the page is there. */
export function useCrumb(id: string, name: string, lang?: string): void {
  useEffect(() => {
    const own = { id, name, lang };
    become(own);
    return () => {
      if (known === own) become(undefined);
    };
  }, [id, name, lang]);
}

/** What an id in the address stands for, if the page has said so. */
export function useCrumbOf(id: string | undefined): Crumb | undefined {
  const crumb = useSyncExternalStore(listen, () => known);
  return crumb?.id === id ? crumb : undefined;
}
