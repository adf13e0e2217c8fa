import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import type { CallView } from "@/api/types";
import { useLive } from "@/live/use-live";
import { entriesKey, type Owner } from "./queries";

/** One's own calls that were charged since the statement was asked for. They wait for a press: nothing moves under the pointer. */
export function useFreshEntries(owner: Owner): { count: number; show: () => void } {
  const queries = useQueryClient();
  const [count, setCount] = useState(0);
  useLive(owner === "me" ? ["calls"] : [], ({ event, data }) => {
    if (event === "lag") show();
    if (event === "call" && isCharged(data)) setCount((before) => before + 1);
  });
  function show() {
    setCount(0);
    void queries.invalidateQueries({ queryKey: entriesKey(owner) });
  }
  return { count, show };
}

function isCharged(data: string): boolean {
  try {
    return (JSON.parse(data) as Partial<CallView>).billing === "charged";
  } catch {
    return false;
  }
}
