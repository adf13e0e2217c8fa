import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import type { Topic } from "./feed";
import { useLive } from "./use-live";

/** Asks anew for what is under a key when something happens on the server: at once, then at most every `everyMs`. */
export function useRefresh(topics: readonly Topic[], queryKey: QueryKey, everyMs = 5_000): void {
  const queries = useQueryClient();
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const last = useRef(0);
  useEffect(() => () => clearTimeout(waiting.current), []);
  useLive(topics, () => {
    if (waiting.current !== undefined) return;
    waiting.current = setTimeout(
      () => {
        waiting.current = undefined;
        last.current = Date.now();
        void queries.invalidateQueries({ queryKey });
      },
      Math.max(0, last.current + everyMs - Date.now()),
    );
  });
}
