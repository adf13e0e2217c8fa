import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChartNoAxesColumn } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Dashboard } from "@/api/types";
import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { useTimeZone } from "@/components/value/time-zone";
import { useRefresh } from "@/live/use-refresh";
import { useMe } from "@/session/use-me";
import { Page } from "@/shell/page";
import { AttentionStrip } from "./attention-strip";
import { ConnectStrip } from "./connect-strip";
import { MonthSection } from "./month-section";
import { type DashboardSpan, dashboardQuery, spanOf } from "./queries";
import { RecentCalls } from "./recent-calls";
import { RecentErrors } from "./recent-errors";
import { SpendChart } from "./spend-chart";
import { TodayStrip } from "./today-strip";
import { TopLists } from "./top-lists";
import { WasteList } from "./waste-list";

/** Only where people pay: elsewhere nobody fetches it. */
const BalanceLine = lazy(() => import("./balance-line"));

/** What a person sees first: what needs them, what they use, what failed. */
export function DashboardPage() {
  const { t } = useTranslation("dashboard");
  const { span } = useSpan();
  const asked = dashboardQuery(span, useTimeZone());
  const { data, error, refetch, dataUpdatedAt } = useQuery(asked);
  useRefresh(["calls"], ["dashboard"]);
  return (
    <Page title={t("title")}>
      {data && <Content dashboard={data} at={dataUpdatedAt} />}
      {!data && error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Waiting />}
    </Page>
  );
}

function Content({ dashboard, at }: { dashboard: Dashboard; at: number }) {
  const { t } = useTranslation("dashboard");
  const { span, setSpan } = useSpan();
  const { connect } = dashboard;
  const { features } = useMe();
  const [isNew] = useState(!connect.has_call); // who began here sees the last step ticked too
  const isEmpty = dashboard.recent.length === 0 && dashboard.today.sums.calls === 0;
  return (
    <>
      <AttentionStrip
        attention={dashboard.attention.filter(({ kind }) => !(isNew && kind === "no_key"))}
        span={span}
      />
      {features.billing && (
        <Suspense fallback={<Skeleton className="h-11 w-full" />}>
          <BalanceLine />
        </Suspense>
      )}
      {isNew && <ConnectStrip connect={connect} latest={dashboard.recent[0]} />}
      {isEmpty ? (
        <Empty icon={<ChartNoAxesColumn />} title={t("empty.title")} text={t("empty.text")} />
      ) : (
        <>
          <TodayStrip dashboard={dashboard} at={at} />
          <SpendChart dashboard={dashboard} span={span} onSpan={setSpan} />
          <MonthSection month={dashboard.month} at={at} />
          <WasteList waste={dashboard.waste} span={span} />
          <TopLists dashboard={dashboard} span={span} />
          <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
            <RecentErrors errors={dashboard.recent_errors} span={span} />
            <RecentCalls calls={dashboard.recent} />
          </div>
        </>
      )}
    </>
  );
}

/** How far back, out of the address. */
function useSpan() {
  const search: { t?: unknown } = useSearch({ strict: false });
  const navigate = useNavigate();
  return {
    span: spanOf(search.t),
    setSpan: (next: DashboardSpan) =>
      void navigate({
        to: "/dashboard",
        search: next === "24h" ? {} : { t: next },
        resetScroll: false,
      }),
  };
}

function Waiting() {
  return (
    <div aria-busy="true" className="space-y-6">
      <Skeleton className="h-20 w-full" />
      <Skeleton className="h-56 w-full" />
      <div className="grid gap-6 lg:grid-cols-3">
        <Skeleton className="h-48" />
        <Skeleton className="h-48" />
        <Skeleton className="h-48" />
      </div>
    </div>
  );
}
