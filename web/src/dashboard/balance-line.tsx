import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight, Wallet } from "lucide-react";
import { useTranslation } from "react-i18next";

import { balanceQuery } from "@/balance/queries";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Money } from "@/components/value/money";
import { nanoOf } from "@/format/money";
import { useRefresh } from "@/live/use-refresh";

/** What can be spent, in one line that leads to all of it. */
export default function BalanceLine() {
  const { t } = useTranslation("dashboard");
  const query = balanceQuery("me");
  const { data, error, refetch } = useQuery(query);
  useRefresh(["calls"], query.queryKey);
  if (!data) {
    if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
    return <Skeleton className="h-11 w-full" />;
  }
  const isOwed = nanoOf(data.available_usd) < 0n;
  const isHeld = nanoOf(data.held_usd) !== 0n;
  return (
    <Link
      to="/balance"
      className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-0.5 rounded-panel border border-line bg-surface px-4 py-2 hover:bg-surface-2 focus-visible:-outline-offset-2"
    >
      <Wallet aria-hidden="true" className="size-4 shrink-0 stroke-[1.5] text-fg-3" />
      <span className="text-fg-2">{t("balance.label")}</span>
      <span className={isOwed ? "font-semibold text-err" : "font-semibold"}>
        <Money usd={data.available_usd} />
      </span>
      {isOwed && <span className="text-err">{t("balance.owed")}</span>}
      {isHeld && (
        <span className="num text-fg-2 text-sm">
          {t("balance.held")} <Money usd={data.held_usd} />
        </span>
      )}
      <ChevronRight aria-hidden="true" className="ml-auto size-4 stroke-[1.5] text-fg-3" />
    </Link>
  );
}
