import type { ReactNode } from "react";

import type { Trace } from "@/api/types";
import { formatUsdInFull } from "@/format/money";
import { formatExact } from "@/format/number";
import { type CostTable, plainDecimal } from "./cost";
import { Facts } from "./section";
import { useReader } from "./use-reader";

/** How a charge came to be: how the usage is known, at which price, times what, and whether it was taken. */
export function ChargeView({ trace, state }: { trace: Trace; state: CostTable["state"] }) {
  const { t } = useReader();
  const { call, price } = trace;
  const isPriced = state === "priced";
  const unlined = state === "unlined" || state === "by_hand" ? t(`charge.${state}`) : undefined;
  const factors = useFactors(price);
  const priceWords = usePriceWords(price);
  const payers = usePayers(trace.paid_by);
  const known = state === "lost" ? t("charge.lost") : t(`charge.certainty.${call.certainty}`);
  const items: [string, ReactNode][] = [
    [t("charge.usage"), known],
    [t("charge.price"), priceWords],
    [t("charge.multiplier"), factors],
    [t("charge.sum"), isPriced ? t("charge.formula") : undefined],
    [t("charge.lines"), unlined],
    [t("charge.state"), payers ?? (call.billing && t(`charge.billing.${call.billing}`))],
    [t("charge.reason"), trace.review && <bdi data-raw="">{trace.review.reason}</bdi>],
  ];
  return <Facts items={items} isOneColumn />;
}

/** Which plans paid, and what the balance did; nothing where no plan did. */
function usePayers(paid: Trace["paid_by"]): string | undefined {
  const { t, language } = useReader();
  if (!paid?.some(({ plan }) => plan !== undefined)) return undefined;
  const parts = paid.map(({ plan, usd }) => {
    const amount = formatUsdInFull(usd, language);
    return plan === undefined
      ? t("charge.by_balance", { amount })
      : t("charge.by_plan", { plan, amount });
  });
  return parts.join(" ");
}

/** Which version of the price, and which tier of it. */
function usePriceWords(price: Trace["price"]): string | undefined {
  const { t, language } = useReader();
  if (!price || price.unknown) return undefined;
  const { version, above_tokens: above } = price;
  const parts = [
    version > 0 ? t("charge.version", { version: String(version) }) : undefined,
    above === undefined ? undefined : t("charge.above", { tokens: formatExact(above, language) }),
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(" ") : undefined;
}

/** The product with each of its factors: the groups on the way, what the users of the group and the key pay, the lane. */
function useFactors(price: Trace["price"]): ReactNode {
  const { t } = useReader();
  if (!price) return undefined;
  const { group_path: path, user_multiplier: user, key_multiplier: key, lane } = price;
  const factor = (name: string, multiplier: string) =>
    t("charge.factor", { name, multiplier: plainDecimal(multiplier) });
  const factors = [
    ...path.map((part) => factor(part.name, part.multiplier)),
    ...(user === undefined ? [] : [factor(t("charge.user_group"), user)]),
    ...(key === undefined ? [] : [factor(t("charge.api_key"), key)]),
    ...(lane ? [factor(t("charge.lane", { lane: lane.name }), lane.multiplier)] : []),
  ];
  if (factors.length === 0) return undefined;
  return (
    <span className="num">{`${plainDecimal(price.multiplier)} = ${factors.join(" · ")}`}</span>
  );
}
