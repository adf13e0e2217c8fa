/** What root charges by hand. */
import { compareUsd, nanoOf } from "@/format/money";

/** The amount that was typed, as the server takes it; `undefined` if it is none. */
export function amountOf(text: string): string | undefined {
  return /^\d{1,12}(?:\.\d{1,9})?$/.exec(text.trim())?.[0];
}

/** What is wrong with an amount as it was typed, where no more than `most` can be charged. */
export function amountMistake(
  text: string,
  most: string,
): "form" | "nothing" | "too_much" | undefined {
  const amount = amountOf(text);
  if (amount === undefined) return "form";
  if (nanoOf(amount) === 0n) return "nothing";
  return compareUsd(amount, most) > 0 ? "too_much" : undefined;
}
