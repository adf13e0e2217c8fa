/** The rows of margins, in the order that is asked for. */
import type { Margin, MarginPart } from "@/api/types";
import { compareUsd } from "@/format/money";

/** Whether nobody knows what any of the calls cost: that is no cost of nothing. */
export const isUnknown = ({ upstream_cost_usd, margin_share, uncosted_calls }: Margin) =>
  uncosted_calls > 0 && margin_share === undefined && Number(upstream_cost_usd) === 0;

/** Whether the calls cost more than was charged for them. */
export const isLoss = ({ margin_usd }: Margin) => margin_usd.startsWith("-");

/** All rows are there, so they are sorted here; money by its exact value. Without an order they stay as they came. */
export function sortedMargins(
  items: readonly MarginPart[],
  sort: string | undefined,
): readonly MarginPart[] {
  if (sort === undefined) return items;
  const compare: Record<string, (left: MarginPart, right: MarginPart) => number> = {
    label: (left, right) => left.label.localeCompare(right.label),
    calls: (left, right) => left.calls - right.calls,
    revenue: (left, right) => compareUsd(left.revenue_usd, right.revenue_usd),
    upstream_cost: (left, right) => compareUsd(left.upstream_cost_usd, right.upstream_cost_usd),
    margin: (left, right) => compareUsd(left.margin_usd, right.margin_usd),
    share: (left, right) => (left.margin_share ?? -1e9) - (right.margin_share ?? -1e9),
    uncosted: (left, right) => left.uncosted_calls - right.uncosted_calls,
    uncosted_revenue: (left, right) =>
      compareUsd(left.uncosted_revenue_usd, right.uncosted_revenue_usd),
  };
  const by = compare[sort.replace(/^-/, "")];
  const down = sort.startsWith("-") ? -1 : 1;
  return by ? [...items].sort((left, right) => down * by(left, right)) : items;
}
