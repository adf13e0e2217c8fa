import { useCallback, useEffect, useState } from "react";

import { fetchHealth, type Health } from "./health";

/** What is known of the server. The last state is kept while a new one is on its way. */
export type HealthState =
  | { kind: "loading" }
  | { kind: "known"; health: Health }
  | { kind: "failed"; error: Error };

const askAgainMs = 5_000;
const giveUpMs = 4_000;

/** Asks for the state now, every few seconds while the page is visible, and when `ask` is called. */
export function useHealth(): { state: HealthState; ask: () => void } {
  const [state, setState] = useState<HealthState>({ kind: "loading" });
  const [round, setRound] = useState(0);
  const ask = useCallback(() => setRound((last) => last + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each round asks once
  useEffect(() => {
    const left = new AbortController();
    const signal = AbortSignal.any([left.signal, AbortSignal.timeout(giveUpMs)]);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = () => {
      if (document.visibilityState === "visible") timer = setTimeout(ask, askAgainMs);
    };
    fetchHealth(signal)
      .then((health): HealthState => ({ kind: "known", health }))
      .catch((error: unknown): HealthState => ({ kind: "failed", error: asError(error) }))
      .then((next) => {
        if (left.signal.aborted) return;
        setState(next);
        again();
      });
    return () => {
      left.abort();
      clearTimeout(timer);
    };
  }, [round]);

  useEffect(() => {
    const onVisible = () => {
      if (document.visibilityState === "visible") ask();
    };
    document.addEventListener("visibilitychange", onVisible);
    return () => document.removeEventListener("visibilitychange", onVisible);
  }, [ask]);

  return { state, ask };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
