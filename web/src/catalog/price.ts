/** Prices of models: decimal strings of US dollars for a million tokens, never binary fractions. */
import type { Model } from "@/config/objects";
import { nanoOf, usdOf } from "@/format/money";
import { type TermsDraft, termsDraftOf, tierAt } from "./terms";

export const priceFields = [
  "input_usd_per_1m",
  "output_usd_per_1m",
  "cache_read_usd_per_1m",
  "cache_write_5m_usd_per_1m",
  "cache_write_1h_usd_per_1m",
] as const;

export type PriceField = (typeof priceFields)[number];

/** A price as a form holds it: `""` is none. */
export type PriceDraft = Record<PriceField, string>;

const million = 1_000_000n;

/** The call of the example beside the fields: disjoint, as usage is counted. */
export const exampleTokens = { input: 12_000, cached: 8_000, output: 1_000 };

const isPrice = (text: string) => /^\d{1,12}(?:\.\d{1,9})?$/.test(text.trim());

/** What the example costs; `undefined` while there is no price to tell it from. */
export function exampleCost(price: PriceDraft, terms = termsDraftOf()): string | undefined {
  const { input, cached, output } = exampleRates(price, terms);
  const request = terms.request.trim() || "0";
  if (![input, output, cached, request].every(isPrice)) return undefined;
  const parts: [string, number][] = [
    [input, exampleTokens.input],
    [cached, exampleTokens.cached],
    [output, exampleTokens.output],
  ];
  return usdOf(parts.reduce((sum, [usd, count]) => sum + costOf(usd, count), nanoOf(request)));
}

/** What the tokens of the example cost, at the tier it falls into. */
function exampleRates(price: PriceDraft, terms: TermsDraft) {
  const tier = tierAt(terms, exampleTokens.input + exampleTokens.cached);
  const input = tier?.input.trim() || price.input_usd_per_1m;
  return {
    input,
    output: tier?.output.trim() || price.output_usd_per_1m,
    // Without a price of its own, what is read from a cache costs what fresh input does.
    cached: tier?.cache_read.trim() || price.cache_read_usd_per_1m.trim() || input,
  };
}

/** Rounded as the server does: half to even, once for each line. */
function costOf(usd: string, count: number): bigint {
  const product = nanoOf(usd) * BigInt(count);
  const [whole, twice] = [product / million, (product % million) * 2n];
  if (twice === million) return whole + (whole % 2n);
  return twice > million ? whole + 1n : whole;
}

/** How much more or less it costs, when that is worth a second look. */
export type Leap = { kind: "more" | "less"; times: number } | { kind: "free" };

/** A change of more than tenfold, or to nothing. */
export function leapOf(before: string, after: string): Leap | undefined {
  if (!isPrice(before) || !isPrice(after)) return undefined;
  const [was, is] = [nanoOf(before), nanoOf(after)];
  if (was === 0n || was === is) return undefined;
  if (is === 0n) return { kind: "free" };
  const [least, most] = was < is ? [was, is] : [is, was];
  if (most <= least * 10n) return undefined;
  return { kind: was < is ? "more" : "less", times: Number((most * 10n) / least) / 10 };
}

/** By which share a price changes: 0.25 is a quarter more. `undefined` where there is nothing to compare. */
export function shareOf(before: string | undefined, after: string | undefined): number | undefined {
  if (before === undefined || after === undefined) return undefined;
  const was = nanoOf(before);
  if (was === 0n) return undefined;
  return Number(((nanoOf(after) - was) * 10_000n) / was) / 10_000;
}

/** The price of a model as a form holds it. */
export function priceDraftOf(model: Partial<Model>): PriceDraft {
  const entries = priceFields.map((field) => [field, model[field] ?? ""]);
  return Object.fromEntries(entries) as PriceDraft;
}
