/** How long somebody has waited for an answer, and how bad that is. */
import { formatCountdown } from "@/format/duration";

const minute = 60_000;
const hour = 60 * minute;

export type Urgency = "calm" | "late" | "very_late";

export function urgencyOf(waitedMs: number): Urgency {
  if (waitedMs >= 24 * hour) return "very_late";
  return waitedMs >= 4 * hour ? "late" : "calm";
}

/** In whole minutes: `5 h 10 min`; `undefined` within the first. */
export function waitedText(waitedMs: number): string | undefined {
  const minutes = Math.floor(waitedMs / minute);
  return minutes < 1 ? undefined : formatCountdown(minutes * minute);
}
