/** Some deeds want to know again that it is you: the question is asked in between, and the deed is done after it. */
import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useContext,
  useRef,
  useState,
} from "react";

import { asProblem } from "@/api/problem";
import { Dialog } from "@/components/ui/dialog";

const Question = lazy(() => import("./reauthentication-question"));

type Run = <T>(deed: () => Promise<T>) => Promise<T>;

const Reauthentication = createContext<Run | undefined>(undefined);

/** Given up by pressing Cancel; nothing needs to be shown. */
export class GivenUp extends Error {
  override name = "GivenUp";
}

/** Does a deed; where the server wants to know again who asks, the question is put and the deed done once more. Rejects with `GivenUp` when it stays unanswered. */
export function useReauthenticated(): Run {
  const run = useContext(Reauthentication);
  if (!run) throw new Error("no ReauthenticationProvider above");
  return run;
}

interface Waiting {
  resolve: () => void;
  reject: (error: Error) => void;
}

export function ReauthenticationProvider({ children }: { children: ReactNode }) {
  const waiting = useRef<Waiting>(undefined);
  const [open, setOpen] = useState(false);

  const run: Run = useCallback(async (deed) => {
    try {
      return await deed();
    } catch (error) {
      if (asProblem(error).code !== "reauthentication_needed") throw error;
    }
    await new Promise<void>((resolve, reject) => {
      waiting.current = { resolve, reject };
      setOpen(true);
    });
    return deed();
  }, []);

  const settle = (known: boolean) => {
    setOpen(false);
    if (known) waiting.current?.resolve();
    else waiting.current?.reject(new GivenUp());
    waiting.current = undefined;
  };

  return (
    <Reauthentication value={run}>
      {children}
      <Dialog open={open} onOpenChange={(next) => !next && settle(false)}>
        {open && (
          <Suspense>
            <Question onKnown={() => settle(true)} />
          </Suspense>
        )}
      </Dialog>
    </Reauthentication>
  );
}
