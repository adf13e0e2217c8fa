import { useCallback, useEffect, useState } from "react";

import { copyText } from "./clipboard";

export type CopyState = "idle" | "copied" | "failed";

const resetMs = 2_000;

/** Copies on call, and says for a while how it went. */
export function useCopy(): {
  state: CopyState;
  copy: (text: string) => Promise<boolean>;
  reset: () => void;
} {
  const [state, setState] = useState<CopyState>("idle");
  useEffect(() => {
    if (state !== "copied") return;
    const timer = setTimeout(() => setState("idle"), resetMs);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = useCallback(async (text: string) => {
    const worked = await copyText(text);
    setState(worked ? "copied" : "failed");
    return worked;
  }, []);
  const reset = useCallback(() => setState("idle"), []);
  return { state, copy, reset };
}
