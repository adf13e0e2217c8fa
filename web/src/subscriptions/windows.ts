/** The times in which a plan bears so much and no more. */
import type { WindowUse } from "@/api/types";

export const windows = ["5h", "1d", "7d", "30d"] as const;
export type WindowName = (typeof windows)[number];

/** In hours. */
export const windowHours: Record<WindowName, number> = { "5h": 5, "1d": 24, "7d": 168, "30d": 720 };

/** As spans of time are written, the same in every language. */
export const windowText: Record<WindowName, string> = {
  "5h": "5 h",
  "1d": "1 d",
  "7d": "7 d",
  "30d": "30 d",
};

/** Which part of a window is used; more than 1 where running calls may need more than there is. */
export const shareOf = ({ used_usd, limit_usd }: Pick<WindowUse, "used_usd" | "limit_usd">) =>
  Number(used_usd) / Number(limit_usd);

/** The fullest first: it decides how much more can be used now. */
export const fullestFirst = (uses: readonly WindowUse[]): readonly WindowUse[] =>
  uses.toSorted((left, right) => shareOf(right) - shareOf(left));
