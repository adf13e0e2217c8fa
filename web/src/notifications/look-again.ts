/** When to look again whether what waits was sent. */
import type { NotificationView } from "@/api/types";

/** The next try takes a moment, in milliseconds. */
const soonest = 5_000;
const latest = 600_000;

/** In how many milliseconds the next of them is tried; `undefined`: none waits. */
export function lookAgainIn(
  items: readonly Pick<NotificationView, "state" | "next_at">[],
  now: number,
): number | undefined {
  const times = items
    .filter(({ state }) => state === "waiting")
    .map(({ next_at }) => (next_at === undefined ? now : Date.parse(next_at)));
  if (times.length === 0) return undefined;
  return Math.min(latest, Math.max(soonest, Math.min(...times) - now + 1_000));
}
