/** How much a plan can bear in all: what makes an operator look again at a limit or a price. */
import { ppmOf } from "@/channel-groups/multiplier";
import { usd, wholeNumber } from "@/form/rules";
import { nanoOf, usdOf } from "@/format/money";
import type { TermsDraft } from "./plan";
import { mostDays } from "./queries";
import { windowHours, windows } from "./windows";

const one = 1_000_000n;

/**
 * The most that can be used in all its days, in USD at list prices. Each window begins anew as often as it fits, the
 * last one in part, and the tightest decides. `undefined` as long as the terms are not complete.
 */
export function mostOf(terms: TermsDraft): { days: number; most: string } | undefined {
  const days = wholeNumber({ least: 1, most: mostDays }).safeParse(terms.days);
  const ppm = ppmOf(terms.multiplier) ?? 0n;
  const limits = windows.filter((window) => terms[`limit_${window}`].trim() !== "");
  if (!days.success || ppm === 0n || limits.length === 0) return undefined;
  const sums: bigint[] = [];
  for (const window of limits) {
    const limit = usd().safeParse(terms[`limit_${window}`]);
    if (!limit.success) return undefined;
    const times = Math.ceil((days.data * 24) / windowHours[window]);
    sums.push(nanoOf(limit.data) * BigInt(times));
  }
  const least = sums.reduce((left, right) => (right < left ? right : left));
  return { days: days.data, most: usdOf((least * one) / ppm) };
}
