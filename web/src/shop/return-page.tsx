import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { ErrorState } from "@/components/ui/error-state";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { AppLink, linkLook } from "@/connect/app-link";
import { addUsd, formatUsdInFull } from "@/format/money";
import { Page } from "@/shell/page";
import { orderQuery, refreshOrders } from "./queries";

/** The gateway says it to the server, usually within seconds: so often it is asked whether it did. */
const everyMs = 2_000;

/** Where people come back to from the gateway: whether the payment has arrived, as the server knows it. */
export function ReturnPage({ id, outcome }: { id: string; outcome: "success" | "cancel" }) {
  const { t, i18n } = useTranslation("shop");
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    ...orderQuery(id),
    refetchInterval: ({ state }) => (state.data?.state === "pending" ? everyMs : false),
  });
  const isPaid = data?.state === "paid";
  useEffect(() => {
    if (isPaid) void refreshOrders(queries);
  }, [isPaid, queries]);
  const isTime = data?.kind === "subscription";
  const amount = data && formatUsdInFull(addUsd(data.value_usd, data.bonus_usd), i18n.language);
  return (
    <Page title={t("return.title")} width="prose">
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <div role="status">
          {isPaid ? (
            <Notice tone="ok">
              {isTime
                ? t("return.paid_plan", { plan: data.plan ?? t("plan_gone") })
                : t("return.paid", { amount })}
            </Notice>
          ) : data.state === "pending" ? (
            <Notice tone="info">{t(`return.${outcome}`)}</Notice>
          ) : (
            <Notice tone="warn">{t(`state.${data.state}`)}</Notice>
          )}
        </div>
      ) : (
        <Skeleton className="h-12" />
      )}
      <p>
        <AppLink href={isTime ? "/subscription" : "/topup"} className={linkLook}>
          {t("return.orders")}
        </AppLink>
      </p>
    </Page>
  );
}
