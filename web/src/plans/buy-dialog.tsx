import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { PlanOffer } from "@/api/types";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import type { PaymentWay } from "@/shop/use-payment";
import { BuyForm } from "./buy-form";
import { lastEndOf } from "./held";
import { subscriptionsQuery } from "./queries";

interface Props {
  /** `undefined`: it is closed. */
  plan: PlanOffer | undefined;
  ways: readonly PaymentWay[];
  onClose: () => void;
}

/** Buys time of a plan. */
export function BuyDialog({ plan, ways, onClose }: Props) {
  const { t } = useTranslation("plans");
  return (
    <Dialog open={plan !== undefined} onOpenChange={(next) => !next && onClose()}>
      {plan && (
        <DialogContent
          title={<span data-raw="">{t("buy.title", { plan: plan.name })}</span>}
          description={t("buy.about", { count: plan.terms.days })}
        >
          <Order plan={plan} ways={ways} />
        </DialogContent>
      )}
    </Dialog>
  );
}

/** What one has of the plan decides what is asked: it is not ordered before that is known. */
function Order({ plan, ways }: { plan: PlanOffer; ways: readonly PaymentWay[] }) {
  const { data, error, refetch } = useQuery(subscriptionsQuery);
  if (data) return <BuyForm plan={plan} ways={ways} lastEnd={lastEndOf(data.items, plan.code)} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <Skeleton className="h-40 w-full" />;
}
