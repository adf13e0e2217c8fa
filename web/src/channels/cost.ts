/** What a channel's vendor is paid for a model, as a form holds it: decimal strings, `""` is none. */
import type { BindingCost } from "@/api/types";

export const costFields = [
  "input_usd_per_1m",
  "output_usd_per_1m",
  "cache_read_usd_per_1m",
  "cache_write_5m_usd_per_1m",
  "cache_write_1h_usd_per_1m",
] as const;

export type CostField = (typeof costFields)[number];
export type CostDraft = Record<CostField, string>;

export function costDraftOf(cost: BindingCost = {}): CostDraft {
  return Object.fromEntries(costFields.map((field) => [field, cost[field] ?? ""])) as CostDraft;
}

/** Which rule a field breaks: it is no price, or half of one. */
export function costMistake(draft: CostDraft, field: CostField): "price" | "half" | undefined {
  const text = draft[field].trim();
  if (text !== "" && !/^\d{1,12}(?:\.\d{1,9})?$/.test(text)) return "price";
  const isNeeded = field === "input_usd_per_1m" || field === "output_usd_per_1m";
  const isAny = costFields.some((one) => draft[one].trim() !== "");
  return isNeeded && isAny && text === "" ? "half" : undefined;
}

/** The price as it is sent; nothing where every field is empty. Terms, which only a manifest sets, stay. */
export function costOf(draft: CostDraft, before: BindingCost = {}): BindingCost | undefined {
  const given = costFields.flatMap((field) => {
    const text = draft[field].trim();
    return text === "" ? [] : [[field, text] as const];
  });
  if (given.length === 0) return undefined;
  const { price_terms } = before;
  return { ...Object.fromEntries(given), ...(price_terms && { price_terms }) } as BindingCost;
}
