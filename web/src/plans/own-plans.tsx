import { useQuery } from "@tanstack/react-query";
import { CalendarClock } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { SubscriptionView } from "@/api/types";
import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { useRefresh } from "@/live/use-refresh";
import { Section } from "@/shell/page";
import { pastOf, runningOf, scheduledOf } from "./held";
import { HeldPlan } from "./held-plan";
import { PastPlans } from "./past-plans";
import { plansQuery, subscriptionsQuery } from "./queries";
import { WhoPays } from "./who-pays";

/** What one has of plans, and what is left of it. */
export function OwnPlans() {
  const { t } = useTranslation("plans");
  const { data, error, refetch } = useQuery(subscriptionsQuery);
  useRefresh(["calls"], subscriptionsQuery.queryKey);
  return (
    <Section title={t("yours.title")} about={t("yours.about")}>
      {data ? (
        <Held all={data.items} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <div aria-busy="true">
          <span role="status" className="sr-only">
            {t("yours.loading")}
          </span>
          <Skeleton className="h-40 w-full" />
        </div>
      )}
    </Section>
  );
}

function Held({ all }: { all: readonly SubscriptionView[] }) {
  const { t } = useTranslation("plans");
  const paysAsYouGo = useQuery(plansQuery).data?.pay_as_you_go;
  const [running, scheduled, past] = [runningOf(all), scheduledOf(all), pastOf(all)];
  const open = [...running, ...scheduled];
  return (
    <>
      {open.length === 0 ? (
        <Empty
          icon={<CalendarClock />}
          title={t("yours.none")}
          {...(paysAsYouGo !== undefined && {
            text: t(paysAsYouGo ? "yours.none_balance" : "yours.none_refused"),
          })}
        />
      ) : (
        <>
          <WhoPays running={running.length} paysAsYouGo={paysAsYouGo} />
          {open.map((held) => (
            <HeldPlan key={held.id} held={held} />
          ))}
        </>
      )}
      <PastPlans past={past} />
    </>
  );
}
