/** When a code may be sent again: remembered for the tab, so that a reload does not forget it. */
import { useEffect, useState } from "react";

export const resendMs = 60_000;

const key = (purpose: string) => `realms.resend.${purpose}`;

function readEnd(purpose: string): number {
  try {
    return Number(sessionStorage.getItem(key(purpose))) || 0;
  } catch {
    return 0;
  }
}

/** Seconds until the next code may be asked for, and a way to begin the wait. */
export function useResend(purpose: string): { seconds: number; sent: () => void } {
  const [end, setEnd] = useState(() => readEnd(purpose));
  const [now, setNow] = useState(Date.now);
  const seconds = Math.max(0, Math.ceil((end - now) / 1_000));
  useEffect(() => {
    if (seconds === 0) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [seconds]);
  const sent = () => {
    const next = Date.now() + resendMs;
    try {
      sessionStorage.setItem(key(purpose), String(next));
    } catch {
      // Then only this page remembers.
    }
    setEnd(next);
    setNow(Date.now());
  };
  return { seconds, sent };
}
