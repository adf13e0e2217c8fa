import { useTranslation } from "react-i18next";

import { StaticTable } from "@/trace/static-table";
import { BuyButton, type PlanListProps } from "./buy-button";
import { LimitList } from "./limit-list";
import { PriceList } from "./price-list";

/** The plans side by side, to be compared. */
export function PlanTable({ plans, ...buying }: PlanListProps) {
  const { t } = useTranslation("plans");
  return (
    <StaticTable
      label={t("offers.title")}
      columns={[
        { name: t("column.name") },
        { name: t("column.price"), isNumber: true },
        { name: t("column.days"), isNumber: true },
        { name: t("column.limits") },
        { name: t("column.multiplier"), isNumber: true },
        {
          name: <span className="sr-only">{t("buy.verb")}</span>,
          isNumber: true,
        },
      ]}
      rows={plans.map((plan) => ({
        id: plan.code,
        cells: [
          <bdi key="name" data-raw="" className="font-medium [overflow-wrap:anywhere]">
            {plan.name}
          </bdi>,
          <PriceList key="price" plan={plan} />,
          t("days", { count: plan.terms.days }),
          <LimitList key="limits" terms={plan.terms} />,
          t("times", { multiplier: plan.terms.multiplier ?? "1" }),
          <BuyButton key="buy" plan={plan} {...buying} />,
        ],
      }))}
    />
  );
}
