/** One tab sends somebody away, another may be where they come back: the first hears of it. */
import { useEffect, useRef } from "react";

import type { AccountView } from "@/api/types";

interface Ended {
  /** Which log-in. */
  readonly state: string;
  readonly account: AccountView;
}

const name = "realms-account-log-in";

/** Tells the other tabs of this browser. */
export function tellTabs(ended: Ended): void {
  if (typeof BroadcastChannel === "undefined") return;
  const tabs = new BroadcastChannel(name);
  tabs.postMessage(ended);
  tabs.close();
}

/** Hears from another tab that this log-in has ended there. */
export function useEndedElsewhere(state: string, onEnded: (account: AccountView) => void): void {
  const hear = useRef(onEnded);
  useEffect(() => {
    hear.current = onEnded;
  });
  useEffect(() => {
    if (typeof BroadcastChannel === "undefined") return;
    const tabs = new BroadcastChannel(name);
    tabs.onmessage = ({ data }: MessageEvent<Ended>) => {
      if (data.state === state) hear.current(data.account);
    };
    return () => tabs.close();
  }, [state]);
}
