import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { useRefresh } from "@/live/use-refresh";
import { BalanceFigures } from "./balance-figures";
import { HoldList } from "./hold-list";
import { balanceQuery, type Owner } from "./queries";
import { Statement } from "./statement";

/** What somebody has, what is held of it, and how it came to be. */
export function BalanceView({ owner }: { owner: Owner }) {
  return (
    <>
      <Now owner={owner} />
      <Statement owner={owner} />
    </>
  );
}

function Now({ owner }: { owner: Owner }) {
  const { t } = useTranslation("balance");
  const query = balanceQuery(owner);
  const { data, error, refetch } = useQuery(query);
  useRefresh([owner === "me" ? "calls" : "all_calls"], query.queryKey);
  if (data) {
    return (
      <>
        <BalanceFigures balance={data} />
        <HoldList holds={data.holds} />
      </>
    );
  }
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <div aria-busy="true" className="space-y-6">
      <span role="status" className="sr-only">
        {t("loading")}
      </span>
      <Skeleton className="h-20 w-full" />
      <Skeleton className="h-16 w-full" />
    </div>
  );
}
