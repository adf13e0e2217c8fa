import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, CirclePlay } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import type { BatchOutcome, ChannelStatus, ChannelView } from "@/api/types";
import { mostItems, TooMany } from "@/batch/batch";
import type { Meant } from "@/batch/use-bulk";
import { useUndo } from "@/batch/use-undo";
import { useProblemText } from "@/components/problem-text";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Notice } from "@/components/ui/notice";
import { Segmented } from "@/components/ui/segmented";
import { Sheet, SheetClose, SheetContent } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { Spinner } from "@/components/ui/spinner";
import { type Status, StatusBadge } from "@/components/ui/status-badge";
import { Duration } from "@/components/value/duration";
import { useMay } from "@/session/use-me";
import { knownFailure } from "./failure-notice";
import { ProbePanel } from "./probe-panel";
import { channelStatusQuery, refreshChannels, useChannelStatus } from "./queries";
import {
  type Breadth,
  namesWith,
  type Trial,
  type TrialVerdict,
  trialOf,
  verdictOfTrial,
} from "./trial";
import { useTrials } from "./use-trials";

export interface AskedTrials extends Pick<Meant, "count"> {
  /** Finds the channels that are meant. */
  channels: (signal: AbortSignal) => Promise<readonly ChannelView[]>;
}

type Act = "enable" | "disable";

interface Props {
  asked: AskedTrials | undefined;
  onClose: () => void;
  /** Asks for what is to be done with those that passed or failed. */
  onAct: (act: Act, names: readonly string[], onDone: (outcome: BatchOutcome) => void) => void;
}

/** Tests several channels, shows what each comes to as it comes, and offers what usually follows. */
export function TrialsSheet({ asked, onClose, onAct }: Props) {
  return (
    <Sheet open={asked !== undefined} onOpenChange={(open) => !open && onClose()}>
      {asked && <Loaded asked={asked} onAct={onAct} />}
    </Sheet>
  );
}

function Loaded({ asked, onAct }: { asked: AskedTrials; onAct: Props["onAct"] }) {
  const { t } = useTranslation(["channels", "batch"]);
  const id = useId();
  const { data, error, refetch } = useQuery({
    queryKey: ["channels-meant", id],
    queryFn: ({ signal }) => asked.channels(signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  if (data) return <Bench channels={data} onAct={onAct} />;
  return (
    <SheetContent
      title={t("channels:trials.title", { count: asked.count })}
      description={t("channels:test.about")}
    >
      {error instanceof TooMany ? (
        <div role="alert">
          <Notice tone="warn">{t("batch:too_many", { most: mostItems })}</Notice>
        </div>
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton className="h-40" />
      )}
    </SheetContent>
  );
}

function Bench({ channels, onAct }: { channels: readonly ChannelView[]; onAct: Props["onAct"] }) {
  const { t } = useTranslation(["channels", "common"]);
  const queries = useQueryClient();
  const [breadth, setBreadth] = useState<Breadth>("one");
  const { trials, isRunning, start, stop } = useTrials();
  const [done, setDone] = useState<readonly Done[]>([]);
  const isBegun = trials.length > 0;
  const testable = channels.filter((channel) => !trialOf(channel, breadth).lacks).length;
  const run = async () => {
    setDone([]);
    await start(channels, breadth);
    // What answers rests no longer.
    await queries.invalidateQueries(channelStatusQuery);
  };
  return (
    <SheetContent
      keepOpen
      title={t("channels:trials.title", { count: channels.length })}
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
          {(!isBegun || isRunning) && (
            <Button
              variant="primary"
              loading={isRunning}
              disabledReason={testable === 0 ? t("channels:trials.nothing") : undefined}
              onClick={() => void run()}
            >
              {t("channels:trials.start", { count: testable })}
            </Button>
          )}
        </>
      }
    >
      <div className="space-y-4">
        {!isRunning && (
          <div className="flex flex-wrap items-center gap-2">
            <Segmented
              label={t("channels:trials.breadth")}
              value={breadth}
              onChange={setBreadth}
              options={(["one", "all"] as const).map((value) => ({
                value,
                label: t(`channels:trials.breadths.${value}`),
              }))}
            />
            {isBegun && (
              <Button
                size="sm"
                disabledReason={testable === 0 ? t("channels:trials.nothing") : undefined}
                onClick={() => void run()}
              >
                {t("channels:trials.again")}
              </Button>
            )}
          </div>
        )}
        {isBegun && <Progress trials={trials} isRunning={isRunning} />}
        <DoneList done={done} onUndone={(one) => setDone(done.filter((other) => other !== one))} />
        <ul
          aria-label={t("channels:trials.list")}
          className="divide-y divide-line rounded-panel border border-line bg-surface"
        >
          {(isBegun ? trials : channels.map((channel) => trialOf(channel, breadth))).map(
            (trial) => (
              <Line
                key={trial.channel.name}
                trial={trial}
                verdict={isBegun || trial.lacks ? verdictOfTrial(trial, isRunning) : undefined}
              />
            ),
          )}
        </ul>
      </div>
    </SheetContent>
  );
}

interface Done {
  readonly act: Act;
  readonly outcome: BatchOutcome;
}

/** What was done after the test, each with the way back. A toast would lie out of reach beside the open panel. */
function DoneList(props: { done: readonly Done[]; onUndone: (one: Done) => void }) {
  const { t } = useTranslation("batch");
  const queries = useQueryClient();
  const { undo } = useUndo("channel", () => refreshChannels(queries));
  return (
    <div role="status" className="space-y-2 empty:hidden">
      {props.done.map((one) => {
        const { act, outcome } = one;
        const token = outcome.undo?.token;
        return (
          <Notice
            key={act}
            tone="ok"
            action={
              token !== undefined && (
                <Button size="sm" onClick={() => void undo(token).then(() => props.onUndone(one))}>
                  {t("undo")}
                </Button>
              )
            }
          >
            {t(`done.${act}`, { what: t("channel", { count: outcome.done }) })}
          </Notice>
        );
      })}
    </div>
  );
}

const counted = ["ok", "failed", "mixed", "mismatch", "untestable", "none"] as const;

/** How far it is, and in the end what it came to. */
function Progress({ trials, isRunning }: { trials: readonly Trial[]; isRunning: boolean }) {
  const { t } = useTranslation("channels");
  const verdicts = trials.map((trial) => verdictOfTrial(trial, isRunning));
  const over = verdicts.filter((one) => one !== "waiting" && one !== "running").length;
  const parts = counted.flatMap((verdict) => {
    const count = verdicts.filter((one) => one === verdict).length;
    return count > 0 ? [t(`trials.count.${verdict}`, { count })] : [];
  });
  return (
    <p role="status" className="flex min-h-6 flex-wrap items-center gap-x-2 text-fg-2 text-sm">
      {isRunning && <Spinner />}
      {isRunning && t("probe.running", { over, all: trials.length })}
      {!isRunning && <span>{parts.join(" · ")}</span>}
    </p>
  );
}

const shapes: Record<TrialVerdict, Status> = {
  waiting: "unknown",
  running: "unknown",
  ok: "ok",
  mismatch: "degraded",
  mixed: "degraded",
  failed: "down",
  untestable: "disabled",
  none: "unknown",
};

/** One channel: what it came to, and on demand how that went. Without a verdict: what will be asked. */
function Line({ trial, verdict }: { trial: Trial; verdict: TrialVerdict | undefined }) {
  const { t } = useTranslation("channels");
  const [open, setOpen] = useState(false);
  const { channel, models, state } = trial;
  const why = useWhy(trial);
  const first = state.rows.find(({ result }) => result?.ok)?.result?.first_event_us;
  return (
    <li className="space-y-1 px-3 py-2">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <span
          data-raw=""
          data-private=""
          className="min-w-0 flex-1 basis-40 font-medium [overflow-wrap:anywhere]"
        >
          <bdi>{channel.name}</bdi>
        </span>
        {first !== undefined && (
          <span className="text-fg-2 text-sm">
            <Duration us={first} />
          </span>
        )}
        {verdict && <StatusBadge status={shapes[verdict]} word={t(`trials.verdict.${verdict}`)} />}
      </div>
      {why !== undefined && <p className="text-fg-2 text-sm">{why}</p>}
      {why === undefined && models.length > 0 && state.rows.length === 0 && (
        <p data-raw="" className="truncate font-mono text-fg-3 text-xs">
          {models.join(", ")}
        </p>
      )}
      {state.rows.length > 0 && state.status !== "running" && (
        <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary className="min-h-6 w-fit text-fg-2 text-sm">{t("trials.how")}</summary>
          {open && <ProbePanel state={state} />}
        </details>
      )}
    </li>
  );
}

/** Why a channel did not pass, in a few words. */
function useWhy({ lacks, state }: Trial): string | undefined {
  const { t } = useTranslation("channels");
  const words = useProblemText();
  if (lacks) return t(`trials.lacks.${lacks}`);
  if (state.status === "failed") return words(asProblem(state.error));
  if (state.status === "cut") return t("probe.cut");
  const failure = state.rows.find(({ result }) => result?.failure)?.result?.failure;
  return failure && t(`failure.${knownFailure(failure.code)}.title`);
}

/** What usually follows: who passed is enabled, who failed is disabled. What is so already is left out. */
function Consequences(props: {
  trials: readonly Trial[];
  onAct: (act: Act, names: readonly string[]) => void;
}) {
  const { t } = useTranslation("channels");
  const { trials, onAct } = props;
  const { byName } = useChannelStatus();
  const mayWrite = useMay("channels.write");
  if (!mayWrite) return null;
  const passed = namesWith(trials, "ok");
  const failed = namesWith(trials, "failed");
  const enable = passed.filter((name) => isOff(byName.get(name)));
  const disable = failed.filter((name) => !isOff(byName.get(name)));
  return (
    <>
      <Button
        icon={<Ban aria-hidden="true" />}
        disabledReason={
          disable.length > 0
            ? undefined
            : t(failed.length === 0 ? "trials.none_failed" : "trials.off_already")
        }
        onClick={() => onAct("disable", disable)}
      >
        {t("trials.disable", { count: disable.length })}
      </Button>
      <Button
        icon={<CirclePlay aria-hidden="true" />}
        disabledReason={
          enable.length > 0
            ? undefined
            : t(passed.length === 0 ? "trials.none_passed" : "trials.on_already")
        }
        onClick={() => onAct("enable", enable)}
      >
        {t("trials.enable", { count: enable.length })}
      </Button>
    </>
  );
}

const isOff = (status: ChannelStatus | undefined) => status?.state === "disabled";
