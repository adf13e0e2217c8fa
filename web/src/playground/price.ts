/** What tokens cost by the price list, exact: no binary fractions. */

import type { UserModel } from "@/api/types";
import { nanoOf, usdOf } from "@/format/money";
import type { PlayUsage } from "./conversation";

export type PricedTokens = Pick<PlayUsage, "input" | "cache_read" | "cache_write" | "output">;

const million = 1_000_000n;

/** Dollars; nothing where the price is not known. The multiplier is in the prices already. */
export function priceOf(tokens: PricedTokens, model: UserModel | undefined): string | undefined {
  if (model?.input_usd === undefined || model.output_usd === undefined) return undefined;
  const { input_usd, output_usd, cache_read_usd, cache_write_5m_usd } = model;
  const parts = [
    [tokens.input, input_usd],
    [tokens.cache_read, cache_read_usd ?? input_usd],
    [tokens.cache_write, cache_write_5m_usd ?? input_usd],
    [tokens.output, output_usd],
  ] as const;
  const nano = parts.reduce(
    (sum, [count, usd]) => sum + BigInt(Math.round(count)) * nanoOf(usd),
    0n,
  );
  return usdOf(nano / million);
}
