import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { Overview } from "@/api/types";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { useTimeZone } from "@/components/value/time-zone";
import type { Topic } from "@/live/feed";
import { useRefresh } from "@/live/use-refresh";
import { useMay } from "@/session/use-me";
import { Page } from "@/shell/page";
import { FindingList } from "./finding-list";
import { HealthLine } from "./health-line";
import { NowStrip } from "./now-strip";
import { OverviewCharts } from "./overview-charts";
import { overviewQuery } from "./queries";
import { SetupStrip } from "./setup-strip";
import { TopUsers } from "./top-users";

const ownTopics: readonly Topic[] = ["health", "config"];
const allTopics: readonly Topic[] = ["all_calls", ...ownTopics];

/** What an operator sees first: whether everything serves, what does not and how to mend it, what is going on. */
export function OverviewPage() {
  const { t } = useTranslation("admin");
  const { data, error, refetch, dataUpdatedAt } = useQuery(overviewQuery(useTimeZone()));
  useRefresh(useMay("usage.read") ? allTopics : ownTopics, ["overview"]);
  return (
    <Page title={t("overview.title")}>
      {data && <Content overview={data} at={dataUpdatedAt} />}
      {!data && error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <div aria-busy="true" className="space-y-6">
          <Skeleton className="h-16 w-full" />
          <Skeleton className="h-20 w-full" />
          <Skeleton className="h-56 w-full" />
        </div>
      )}
    </Page>
  );
}

function Content({ overview, at }: { overview: Overview; at: number }) {
  const { setup } = overview;
  return (
    <>
      {!setup.done && !setup.dismissed && <SetupStrip setup={setup} />}
      <div className="space-y-3">
        <HealthLine overview={overview} />
        <FindingList findings={overview.findings} />
      </div>
      <NowStrip overview={overview} at={at} />
      <OverviewCharts overview={overview} />
      <TopUsers users={overview.top_users} at={at} />
    </>
  );
}
