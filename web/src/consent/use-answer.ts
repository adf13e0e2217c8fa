import { useCallback, useEffect, useRef, useState } from "react";

import { leaveFor } from "./leave";
import { answerAuthorization, type Decision } from "./queries";

/** The question stands; it was answered and the browser is on its way; somebody came back to the page as they left it. */
type Stage = "asked" | "left" | "back";

interface Answering {
  stage: Stage;
  /** What is being said. */
  sent: Decision | undefined;
  /** What kept the answer from being given. */
  error: unknown;
  answer: (decision: Decision, remember: boolean) => Promise<void>;
  /** Goes without an answer, where none is asked for. */
  leave: (address: string) => void;
}

/** Answers an app, once. What was answered stays so: a page that the browser kept says nothing again. */
export function useAnswer(query: string): Answering {
  const isUnderWay = useRef(false);
  const [stage, setStage] = useState<Stage>("asked");
  const [sent, setSent] = useState<Decision>();
  const [error, setError] = useState<unknown>();

  useEffect(() => {
    const onShow = ({ persisted }: PageTransitionEvent) =>
      setStage((now) => (persisted && now === "left" ? "back" : now));
    window.addEventListener("pageshow", onShow);
    return () => window.removeEventListener("pageshow", onShow);
  }, []);

  const leave = useCallback((address: string) => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    leaveFor(address);
    setStage("left");
  }, []);

  const answer = useCallback(
    async (decision: Decision, remember: boolean) => {
      if (isUnderWay.current) return;
      isUnderWay.current = true;
      setSent(decision);
      setError(undefined);
      try {
        const { redirect_to } = await answerAuthorization(query, decision, remember);
        leaveFor(redirect_to);
        setStage("left");
      } catch (caught) {
        isUnderWay.current = false;
        setError(caught);
      } finally {
        setSent(undefined);
      }
    },
    [query],
  );

  return { stage, sent, error, answer, leave };
}
