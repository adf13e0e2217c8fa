import { useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem } from "@/api/problem";
import { useProblemText } from "@/components/problem-text";
import { type Status, StatusBadge } from "@/components/ui/status-badge";
import { Duration } from "@/components/value/duration";
import { knownFailure } from "./failure-notice";
import { ProbePanel } from "./probe-panel";
import type { Trial, TrialVerdict } from "./trial";

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
export function TrialLine({ trial, verdict }: { trial: Trial; verdict: TrialVerdict | undefined }) {
  const { t } = useTranslation("trials");
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
        {verdict && <StatusBadge status={shapes[verdict]} word={t(`verdict.${verdict}`)} />}
      </div>
      {why !== undefined && <p className="text-fg-2 text-sm">{why}</p>}
      {why === undefined && models.length > 0 && state.rows.length === 0 && (
        <p data-raw="" className="truncate font-mono text-fg-3 text-xs">
          {models.join(", ")}
        </p>
      )}
      {state.rows.length > 0 && state.status !== "running" && (
        <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary className="min-h-6 w-fit text-fg-2 text-sm">{t("how")}</summary>
          {open && <ProbePanel state={state} />}
        </details>
      )}
    </li>
  );
}

/** Why a channel did not pass, in a few words. */
function useWhy({ lacks, state }: Trial): string | undefined {
  const { t } = useTranslation(["channels", "trials"]);
  const words = useProblemText();
  if (lacks) return t(`trials:lacks.${lacks}`);
  if (state.status === "failed") return words(asProblem(state.error));
  if (state.status === "cut") return t("probe.cut");
  const failure = state.rows.find(({ result }) => result?.failure)?.result?.failure;
  return failure && t(`failure.${knownFailure(failure.code)}.title`);
}
