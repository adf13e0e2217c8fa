/** What an amount of a currency is worth on the balance: exact, as the server reckons it. */
import type { CurrencyOffer } from "@/api/types";
import { nanoOf, usdOf } from "@/format/money";

/** How many decimals a currency has: those of its least amount. */
const digitsOf = ({ minimum }: CurrencyOffer) => minimum.split(".")[1]?.length ?? 0;

/** An amount in minor units; `undefined` for what is no amount of this currency. */
export function minorOf(text: string, offer: CurrencyOffer): bigint | undefined {
  const digits = digitsOf(offer);
  const match = /^(\d{1,12})(?:\.(\d+))?$/.exec(text.trim());
  const fraction = match?.[2] ?? "";
  if (!match || fraction.length > digits) return undefined;
  return BigInt(`${match[1]}${fraction.padEnd(digits, "0")}`);
}

/** What is wrong with an amount as it was typed. */
export function amountMistake(
  text: string,
  offer: CurrencyOffer,
): "form" | "too_little" | undefined {
  const minor = minorOf(text, offer);
  if (minor === undefined) return "form";
  return minor < (minorOf(offer.minimum, offer) ?? 0n) || minor === 0n ? "too_little" : undefined;
}

/** What comes to the balance: for the payment, and on top. `undefined` for what is no amount. */
export function worthOf(
  text: string,
  offer: CurrencyOffer,
): { paid: string; bonus: string } | undefined {
  const minor = minorOf(text, offer);
  if (minor === undefined) return undefined;
  const paid = (minor * nanoOf(offer.credit_usd)) / 10n ** BigInt(digitsOf(offer));
  const reached = offer.bonuses
    .map(({ from, extra }) => ({ from: minorOf(from, offer) ?? 0n, extra }))
    .filter(({ from }) => from <= minor)
    .sort((left, right) => (left.from < right.from ? 1 : -1));
  // A multiplier has six decimals: millionths.
  const extra = nanoOf(reached[0]?.extra ?? "0") / 1_000n;
  return { paid: usdOf(paid), bonus: usdOf((paid * extra) / 1_000_000n) };
}
