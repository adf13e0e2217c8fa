/** What a plan gives, as people compare it. */
import type { PlanTerms, WindowUse } from "@/api/types";

export type Per = WindowUse["per"];

/** The limits of a plan, the shortest window first. */
export function limitsOf(terms: PlanTerms): { per: Per; usd: string }[] {
  const { limit_5h, limit_1d, limit_7d, limit_30d } = terms;
  const limits = { "5h": limit_5h, "1d": limit_1d, "7d": limit_7d, "30d": limit_30d };
  return (Object.keys(limits) as Per[]).flatMap((per) => {
    const usd = limits[per];
    return usd === undefined ? [] : [{ per, usd }];
  });
}

/** The prices of a plan: "12.00 CNY". */
export const pricesOf = (prices: Readonly<Record<string, string>>): string[] =>
  Object.entries(prices).map(([currency, price]) => `${price} ${currency}`);

/** Whether calls count otherwise than they cost. */
export const isMultiplied = (multiplier: string): boolean => Number(multiplier) !== 1;
