import { useTranslation } from "react-i18next";

import type { PlanOffer } from "@/api/types";
import { Button } from "@/components/ui/button";

/** What the lists of plans are given. */
export interface PlanListProps {
  plans: readonly PlanOffer[];
  /** Whether there is any way to pay. */
  canPay: boolean;
  onBuy: (plan: PlanOffer) => void;
}

interface Props extends Pick<PlanListProps, "canPay" | "onBuy"> {
  plan: PlanOffer;
}

/** Opens the order of a plan. */
export function BuyButton({ plan, canPay, onBuy }: Props) {
  const { t } = useTranslation("plans");
  return (
    <Button
      size="sm"
      aria-label={t("buy.title", { plan: plan.name })}
      onClick={() => onBuy(plan)}
      {...(!canPay && { disabledReason: t("buy.no_way") })}
    >
      {t("buy.verb")}
    </Button>
  );
}
