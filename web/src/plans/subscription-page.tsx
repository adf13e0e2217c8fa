import { useTranslation } from "react-i18next";

import { Page } from "@/shell/page";
import { OwnOrders } from "@/shop/own-orders";
import { OfferedPlans } from "./offered-plans";
import { OwnPlans } from "./own-plans";
import { RedeemSection } from "./redeem-section";

/** What one has of plans and what is left of it, and how to come by more. */
export function SubscriptionPage() {
  const { t } = useTranslation("plans");
  return (
    <Page title={t("title")} about={t("about")}>
      <OwnPlans />
      <OfferedPlans />
      <RedeemSection />
      <OwnOrders />
    </Page>
  );
}
