import { useQuery } from "@tanstack/react-query";
import { CalendarPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { PlanOffer, PlanOffers } from "@/api/types";
import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Section } from "@/shell/page";
import { useIsNarrow } from "@/table/media";
import { BuyDialog } from "./buy-dialog";
import { PlanList } from "./plan-list";
import { PlanTable } from "./plan-table";
import { plansQuery } from "./queries";

/** What can be bought. */
export function OfferedPlans() {
  const { t } = useTranslation("plans");
  const { data, error, refetch } = useQuery(plansQuery);
  return (
    <Section title={t("offers.title")} about={t("offers.about")}>
      {data ? (
        <Offers offers={data} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton className="h-40 w-full" />
      )}
    </Section>
  );
}

function Offers({ offers }: { offers: PlanOffers }) {
  const { t } = useTranslation("plans");
  const [bought, setBought] = useState<PlanOffer>();
  const List = useIsNarrow() ? PlanList : PlanTable;
  if (offers.plans.length === 0) {
    return <Empty icon={<CalendarPlus />} title={t("offers.none")} text={t("offers.none_text")} />;
  }
  return (
    <>
      <List plans={offers.plans} canPay={offers.payment_channels.length > 0} onBuy={setBought} />
      <BuyDialog
        plan={bought}
        ways={offers.payment_channels}
        onClose={() => setBought(undefined)}
      />
    </>
  );
}
