/** What somebody has of plans: what pays now, what is to come, what is over. */
import type { SubscriptionView, WindowUse } from "@/api/types";
import { compareUsd } from "@/format/money";

type All = readonly SubscriptionView[];

const by = (key: "starts_at" | "ends_at") => (left: SubscriptionView, right: SubscriptionView) =>
  Date.parse(left[key]) - Date.parse(right[key]);

/** What runs, in the order in which it pays: what ends first, and of two that end together the older. */
export const runningOf = (all: All): SubscriptionView[] =>
  all
    .filter(({ state }) => state === "running")
    .reverse() // the newest came first
    .sort(by("ends_at"));

/** What begins later, what is next first. */
export const scheduledOf = (all: All): SubscriptionView[] =>
  all.filter(({ state }) => state === "scheduled").sort(by("starts_at"));

export const pastOf = (all: All): SubscriptionView[] =>
  all.filter(({ state }) => state === "ended" || state === "revoked");

/** When the last time of a plan ends that is not over; `undefined`: there is none. */
export function lastEndOf(all: All, code: string): string | undefined {
  const open = [...runningOf(all), ...scheduledOf(all)].filter((one) => one.plan_code === code);
  return open.sort(by("ends_at")).at(-1)?.ends_at;
}

export const isUsedUp = ({ used_usd, limit_usd }: WindowUse): boolean =>
  compareUsd(used_usd, limit_usd) >= 0;
