import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { mostItems, TooMany } from "@/batch/batch";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Notice } from "@/components/ui/notice";
import { Segmented } from "@/components/ui/segmented";
import { SheetClose, SheetContent } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { Spinner } from "@/components/ui/spinner";
import { channelStatusQuery } from "./queries";
import { type Breadth, type Trial, trialOf, verdictOfTrial } from "./trial";
import { Consequences, type Done, DoneList } from "./trial-acts";
import { TrialLine } from "./trial-line";
import type { AskedTrials, OnAct } from "./trials-sheet";
import { useTrials } from "./use-trials";

/** Finds the channels that are meant, then tests them. */
export default function TrialsBench({ asked, onAct }: { asked: AskedTrials; onAct: OnAct }) {
  const { t } = useTranslation(["channels", "trials", "common"]);
  const queries = useQueryClient();
  const id = useId();
  const found = useQuery({
    queryKey: ["channels-meant", id],
    queryFn: ({ signal }) => asked.channels(signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const channels = found.data ?? [];
  const [breadth, setBreadth] = useState<Breadth>("one");
  const { trials, isRunning, start, stop } = useTrials();
  const [done, setDone] = useState<readonly Done[]>([]);
  const isBegun = trials.length > 0;
  const testable = channels.filter((channel) => !trialOf(channel, breadth).lacks).length;
  const reason = testable === 0 ? t("trials:nothing") : undefined;
  const run = async () => {
    setDone([]);
    await start(channels, breadth);
    // What answers rests no longer.
    await queries.invalidateQueries(channelStatusQuery);
  };
  return (
    <SheetContent
      keepOpen
      title={t("trials:title", { count: found.data?.length ?? asked.count })}
      description={t("channels:test.about")}
      footer={
        <>
          {isRunning ? (
            <Button onClick={stop}>{t("channels:test.stop")}</Button>
          ) : (
            <SheetClose asChild>
              <Button>{t("common:close")}</Button>
            </SheetClose>
          )}
          {isBegun && !isRunning && (
            <Consequences
              trials={trials}
              onAct={(act, names) =>
                onAct(act, names, (outcome) => setDone((now) => [...now, { act, outcome }]))
              }
            />
          )}
          {found.data && (!isBegun || isRunning) && (
            <Button
              variant="primary"
              loading={isRunning}
              disabledReason={reason}
              onClick={() => void run()}
            >
              {t("trials:start", { count: testable })}
            </Button>
          )}
        </>
      }
    >
      {!found.data && <NotFound error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && (
        <div className="space-y-4">
          {!isRunning && (
            <div className="flex flex-wrap items-center gap-2">
              <Segmented
                label={t("trials:breadth")}
                value={breadth}
                onChange={setBreadth}
                options={(["one", "all"] as const).map((value) => ({
                  value,
                  label: t(`trials:breadths.${value}`),
                }))}
              />
              {isBegun && (
                <Button size="sm" disabledReason={reason} onClick={() => void run()}>
                  {t("trials:again")}
                </Button>
              )}
            </div>
          )}
          {isBegun && <Progress trials={trials} isRunning={isRunning} />}
          <DoneList
            done={done}
            onUndone={(one) => setDone(done.filter((other) => other !== one))}
          />
          <ul
            aria-label={t("trials:list")}
            className="divide-y divide-line rounded-panel border border-line bg-surface"
          >
            {(isBegun ? trials : channels.map((channel) => trialOf(channel, breadth))).map(
              (trial) => (
                <TrialLine
                  key={trial.channel.name}
                  trial={trial}
                  verdict={isBegun || trial.lacks ? verdictOfTrial(trial, isRunning) : undefined}
                />
              ),
            )}
          </ul>
        </div>
      )}
    </SheetContent>
  );
}

/** The channels are still looked for, or cannot be had. */
function NotFound({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation("batch");
  if (error instanceof TooMany) {
    return (
      <div role="alert">
        <Notice tone="warn">{t("too_many", { most: mostItems })}</Notice>
      </div>
    );
  }
  if (error) return <ErrorState error={error} onRetry={onRetry} />;
  return <Skeleton className="h-40" />;
}

const counted = ["ok", "failed", "mixed", "mismatch", "untestable", "none"] as const;

/** How far it is, and in the end what it came to. */
function Progress({ trials, isRunning }: { trials: readonly Trial[]; isRunning: boolean }) {
  const { t } = useTranslation(["channels", "trials"]);
  const verdicts = trials.map((trial) => verdictOfTrial(trial, isRunning));
  const over = verdicts.filter((one) => one !== "waiting" && one !== "running").length;
  const parts = counted.flatMap((verdict) => {
    const count = verdicts.filter((one) => one === verdict).length;
    return count > 0 ? [t(`trials:count.${verdict}`, { count })] : [];
  });
  return (
    <p role="status" className="flex min-h-6 flex-wrap items-center gap-x-2 text-fg-2 text-sm">
      {isRunning && <Spinner />}
      {isRunning && t("probe.running", { over, all: trials.length })}
      {!isRunning && <span>{parts.join(" · ")}</span>}
    </p>
  );
}
