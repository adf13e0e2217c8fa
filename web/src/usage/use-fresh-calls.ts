import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { useLive } from "@/live/use-live";
import type { Asked } from "./queries";

/** Calls that ended since the list was asked for. They wait for a press: nothing moves under the pointer. */
export function useFreshCalls(asked: Asked): { count: number; show: () => void } {
  const queries = useQueryClient();
  const [count, setCount] = useState(0);
  const isOpen = "last" in asked.range;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins anew
  useEffect(() => setCount(0), [asked]);
  useLive(isOpen ? [asked.whose === "mine" ? "calls" : "all_calls"] : [], ({ event }) => {
    if (event === "call") setCount((before) => before + 1);
    if (event === "lag") show();
  });
  function show() {
    setCount(0);
    void queries.invalidateQueries({ queryKey: ["usage"] });
  }
  return { count, show };
}
