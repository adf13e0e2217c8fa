import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { BuyButton, type PlanListProps } from "./buy-button";
import { LimitList } from "./limit-list";
import { PriceList } from "./price-list";

/** The plans one below the other, where a table is too wide. */
export function PlanList({ plans, ...buying }: PlanListProps) {
  const { t } = useTranslation("plans");
  return (
    <ul
      aria-label={t("offers.title")}
      className="divide-y divide-line rounded-panel border border-line bg-surface"
    >
      {plans.map((plan) => (
        <li key={plan.code} className="space-y-2 px-3 py-3">
          <div className="flex items-start justify-between gap-3">
            <h3 className="min-w-0 font-medium [overflow-wrap:anywhere]">
              <bdi data-raw="">{plan.name}</bdi>
            </h3>
            <BuyButton plan={plan} {...buying} />
          </div>
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
            <Fact term={t("column.price")}>
              <PriceList plan={plan} />
            </Fact>
            <Fact term={t("column.days")}>{t("days", { count: plan.terms.days })}</Fact>
            <Fact term={t("column.limits")}>
              <LimitList terms={plan.terms} />
            </Fact>
            <Fact term={t("column.multiplier")}>
              {t("times", { multiplier: plan.terms.multiplier ?? "1" })}
            </Fact>
          </dl>
        </li>
      ))}
    </ul>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg-2">{term}</dt>
      <dd className="num">{children}</dd>
    </>
  );
}
