import { useEffect, useRef, useSyncExternalStore } from "react";

import type { ServerEvent } from "@/api/sse";
import { feed, type LiveState, listen, type Topic } from "./feed";

/** Hears of what happens while the component is there. An event `lag` says: ask for the list anew. */
export function useLive(topics: readonly Topic[], onEvent: (event: ServerEvent) => void): void {
  const latest = useRef(onEvent);
  latest.current = onEvent;
  const key = topics.join(",");
  useEffect(() => {
    if (key === "") return;
    return listen(key.split(",") as Topic[], (event) => latest.current(event));
  }, [key]);
}

/** How the connection is doing. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(feed.watch, feed.get);
}
