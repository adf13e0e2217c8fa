import { useQuery } from "@tanstack/react-query";
import { CreditCard } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Page } from "@/shell/page";
import { OwnOrders } from "./own-orders";
import { offerQuery } from "./queries";
import { TopUpForm } from "./top-up-form";

/** Tops up one's balance, and shows what was ordered. */
export function TopUpPage() {
  const { t } = useTranslation("shop");
  return (
    <Page title={t("title")} about={t("about")}>
      <Offer />
      <OwnOrders />
    </Page>
  );
}

function Offer() {
  const { t } = useTranslation("shop");
  const { data, error, refetch } = useQuery(offerQuery);
  if (data) {
    const isOpen = Object.keys(data.currencies).length > 0 && data.payment_channels.length > 0;
    if (isOpen) return <TopUpForm offer={data} />;
    return <Empty icon={<CreditCard />} title={t("closed")} text={t("closed_text")} />;
  }
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <Skeleton className="h-60 max-w-120" />;
}
