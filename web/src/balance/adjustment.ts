/** Money that an operator gives or takes by hand. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";

import { api, path } from "@/api/client";
import type { Balance } from "@/api/types";
import { compareUsd, nanoOf } from "@/format/money";
import { balanceQuery, refreshBalance } from "./queries";

/** The most that the server moves at once, in whole dollars. */
export const mostUsd = 10_000_000;

/** So many letters of any language fit into what the server keeps of a reason. */
export const longestReason = 160;

/** The amount that was typed, as the server takes it; `undefined` if it is none. `+25`, `25`, `-2.50` and `−2.50` are. */
export function amountOf(text: string): string | undefined {
  const match = /^([+\-−]?)(\d{1,12}(?:\.\d{1,9})?)$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign, size = ""] = match;
  return sign === "" || sign === "+" ? size : `-${size}`;
}

/** What is wrong with an amount as it was typed. */
export function amountMistake(text: string): "form" | "nothing" | "too_much" | undefined {
  const amount = amountOf(text);
  if (amount === undefined) return "form";
  const size = amount.replace("-", "");
  if (nanoOf(size) === 0n) return "nothing";
  return compareUsd(size, String(mostUsd)) > 0 ? "too_much" : undefined;
}

/** Whether an amount takes more than there is: the server refuses that. */
export const isTooMuch = (amount: string, available: string) =>
  nanoOf(amount) < 0n && nanoOf(available) + nanoOf(amount) < 0n;

/** What makes a repetition known to the server. Not `randomUUID`, which browsers keep from pages on http://. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export interface Adjustment {
  amount_usd: string;
  reason: string;
  /** The same key moves money once. */
  key: string;
}

/** Moves the money and shows what there is now. */
export async function adjust(
  queries: QueryClient,
  user: string,
  adjustment: Adjustment,
): Promise<void> {
  const address = path`/api/admin/users/${user}/balance`;
  const now = await api.post<Balance>(address, adjustment);
  queries.setQueryData(balanceQuery({ user }).queryKey, now);
  await refreshBalance(queries, { user });
}

/** What there is now, and not a moment ago. */
export const freshBalance = (user: string) =>
  queryOptions({ ...balanceQuery({ user }), staleTime: 0 });
