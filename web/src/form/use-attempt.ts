import { useState } from "react";

export interface Attempt {
  /** Whether something is being done. */
  readonly busy: boolean;
  /** What kept the last one from being done. */
  readonly error: unknown;
  forgive: () => void;
  /** Does it, unless something is being done already; what goes wrong becomes `error`. */
  attempt: (work: () => Promise<void>) => Promise<void>;
}

/** One deed at a time, each with what became of it. */
export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  return {
    busy,
    error,
    forgive: () => setError(undefined),
    attempt: async (work) => {
      if (busy) return;
      setBusy(true);
      setError(undefined);
      try {
        await work();
      } catch (caught) {
        setError(caught);
      } finally {
        setBusy(false);
      }
    },
  };
}
