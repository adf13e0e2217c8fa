import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Trophy } from "lucide-react";
import { useTranslation } from "react-i18next";

import { cn } from "@/components/class-names";
import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { Page } from "@/shell/page";
import { type Days, daysOffered, usualDays } from "./days";
import { OwnPlace } from "./own-place";
import { rankingQuery } from "./queries";
import { RankingTable } from "./ranking-table";
import { ShownChoice } from "./shown-choice";

/** Who calls most, each as they choose to be shown. */
export function RankingPage({ days }: { days: Days }) {
  const { t } = useTranslation("ranking");
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(rankingQuery(days));
  return (
    <Page title={t("title")} about={t("about")} width="form" actions={<DaysChoice days={days} />}>
      {isPending && <Skeleton className="h-64 w-full" />}
      {error && !data && <ErrorState error={error} onRetry={refetch} />}
      {data && (
        <div className={cn("space-y-8", isPlaceholderData && "opacity-60")}>
          <OwnPlace mine={data.mine} />
          <ShownChoice shown={data.mine.shown} />
          {data.items.length === 0 ? (
            <Empty icon={<Trophy />} title={t("none")} text={t("none_text")} />
          ) : (
            <RankingTable items={data.items} />
          )}
        </div>
      )}
    </Page>
  );
}

function DaysChoice({ days }: { days: Days }) {
  const { t } = useTranslation("ranking");
  const navigate = useNavigate();
  return (
    <Segmented
      label={t("span")}
      value={String(days)}
      onChange={(value) => {
        const next = daysOffered.find((one) => String(one) === value);
        const search = next === undefined || next === usualDays ? {} : { days: next };
        void navigate({ to: "/ranking", search, resetScroll: false });
      }}
      options={daysOffered.map((count) => ({
        value: String(count),
        label: t("days", { count }),
      }))}
    />
  );
}
