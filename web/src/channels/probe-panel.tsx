import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import { ProblemNotice } from "@/components/problem-notice";
import { CodeBlock } from "@/components/ui/code-block";
import { Notice } from "@/components/ui/notice";
import { Spinner } from "@/components/ui/spinner";
import { type Status, StatusBadge } from "@/components/ui/status-badge";
import { Duration } from "@/components/value/duration";
import { Money } from "@/components/value/money";
import { Tokens } from "@/components/value/tokens";
import { formatDuration } from "@/format/duration";
import { loadTexts } from "@/i18n";
import { FailureNotice } from "./failure-notice";
import {
  countsOf,
  type Phase,
  type ProbeRow,
  type ProbeState,
  phases,
  type Verdict,
  verdictOf,
} from "./probe";

/** Fetched with its texts when the first finding is to be shown. */
const FindingList = lazy(async () => {
  await loadTexts("channel_tests");
  return import("@/channel-tests/finding-list");
});

interface Props {
  state: ProbeState;
  /** What takes over a base URL that would answer. */
  onBaseUrl?: ((baseUrl: string) => void) | undefined;
  baseUrlVerb?: "use" | "save" | undefined;
}

const shapes: Record<Verdict, Status> = {
  waiting: "unknown",
  running: "unknown",
  ok: "ok",
  mismatch: "degraded",
  failed: "down",
  untestable: "disabled",
  none: "unknown",
};

/** A test while it goes and when it is over: a row per model, live. Show it wherever `useProbe` is used. */
export function ProbePanel({ state, onBaseUrl, baseUrlVerb }: Props) {
  const { t } = useTranslation("channels");
  if (state.status === "idle") return null;
  return (
    <section aria-label={t("probe.title")} className="space-y-3">
      <Summary state={state} />
      {state.rows.length > 0 && (
        <ul className="divide-y divide-line rounded-panel border border-line bg-surface">
          {state.rows.map((row) => (
            <li key={`${row.model}\n${row.credential ?? ""}`} className="space-y-2 px-3 py-2">
              <Row
                row={row}
                isRunning={state.status === "running"}
                {...{ onBaseUrl, baseUrlVerb }}
              />
            </li>
          ))}
        </ul>
      )}
      {state.status === "failed" && <ProblemNotice error={state.error} />}
      {state.status === "cut" && <Notice tone="warn">{t("probe.cut")}</Notice>}
    </section>
  );
}

function Summary({ state }: { state: ProbeState }) {
  const { t } = useTranslation("channels");
  const { ok, failed, untestable } = countsOf(state);
  const over = ok + failed + untestable;
  const parts = [
    t("probe.ok", { count: ok }),
    t("probe.failed", { count: failed }),
    untestable > 0 && t("probe.untestable_count", { count: untestable }),
  ];
  return (
    <p role="status" className="flex min-h-6 items-center gap-2 text-fg-2 text-sm">
      {state.status === "running" && <Spinner />}
      {state.status === "running" &&
        t("probe.running", { over, all: Math.max(over, state.rows.length) })}
      {state.status === "stopped" && t("probe.stopped")}
      {state.status !== "running" && over > 0 && parts.filter(Boolean).join(" · ")}
    </p>
  );
}

function Row(props: Omit<Props, "state"> & { row: ProbeRow; isRunning: boolean }) {
  const { t } = useTranslation("channels");
  const { row, isRunning, onBaseUrl, baseUrlVerb = "use" } = props;
  const { result } = row;
  const verdict = verdictOf(row, isRunning);
  return (
    <>
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <span className="min-w-0 flex-1 basis-48">
          <code data-raw="" className="font-mono text-sm [overflow-wrap:anywhere]">
            {row.model || "–"}
          </code>
          {row.credential !== undefined && (
            <span data-raw="" className="ml-2 text-fg-3 text-sm">
              {row.credential}
            </span>
          )}
        </span>
        <StatusBadge status={shapes[verdict]} word={t(`verdict.${verdict}`)} />
        {result?.ok && <Figures result={result} />}
      </div>
      <Steps row={row} />
      {result?.model_mismatch && result.answered_model !== undefined && (
        <Notice tone="warn">
          {t("probe.mismatch", { asked: result.upstream_model, answered: result.answered_model })}
        </Notice>
      )}
      {result?.failure && (
        <FailureNotice
          failure={result.failure}
          neutral={verdict === "untestable"}
          onBaseUrl={onBaseUrl}
          baseUrlVerb={baseUrlVerb}
        />
      )}
      {result && <Findings result={result} />}
      {result && <Raw result={result} />}
    </>
  );
}

/** What is wrong with the answer; that another model gave it is told above. */
function Findings({ result }: { result: NonNullable<ProbeRow["result"]> }) {
  const findings = result.findings.filter(({ code }) => code !== "other_model");
  if (findings.length === 0) return null;
  return (
    <Suspense>
      <FindingList findings={findings} />
    </Suspense>
  );
}

function Figures({ result }: { result: NonNullable<ProbeRow["result"]> }) {
  const { t } = useTranslation("channels");
  const { usage } = result;
  const input =
    usage && usage.input + usage.cache_read + usage.cache_write_5m + usage.cache_write_1h;
  const figures = [
    [t("column.first_event"), <Duration key="first" us={result.first_event_us} />],
    [t("probe.total"), <Duration key="total" us={result.duration_us} />],
    usage && [
      t("probe.tokens"),
      <span key="tokens">
        <Tokens count={input} />
        {" → "}
        <Tokens count={usage.output} />
      </span>,
    ],
    [t("probe.cost"), <Money key="cost" usd={result.cost_usd} missing={t("probe.no_price")} />],
  ].filter((one) => one !== undefined);
  return (
    <dl className="flex flex-wrap gap-x-4 text-sm">
      {figures.map(([name, value]) => (
        <div key={String(name)} className="flex items-baseline gap-1.5">
          <dt className="text-fg-3 text-xs">{name}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The steps of a test with the time each was done at. On a connection that was open already the first are missing. */
function Steps({ row }: { row: ProbeRow }) {
  const { t } = useTranslation("channels");
  const { steps, result } = row;
  const last = phases.findLastIndex((phase) => steps[phase] !== undefined);
  if (last < 0) return null;
  const connected = phases.indexOf("headers");
  const isReused = (at: number) => at < connected && last >= connected;
  const failedAt = result && !result.ok ? last : -1;
  const look = (phase: Phase, at: number) => {
    if (at === failedAt) return "bg-err";
    return steps[phase] === undefined ? "bg-line" : "bg-ok";
  };
  return (
    <ol aria-label={t("probe.steps")} className="grid grid-cols-3 gap-x-1 gap-y-1.5 xs:grid-cols-6">
      {phases.map((phase, at) => {
        const done = steps[phase];
        return (
          <li key={phase} className="min-w-0">
            <span aria-hidden="true" className={`block h-1 rounded-full ${look(phase, at)}`} />
            <span className="block truncate text-fg-3 text-xs">{t(`phase.${phase}`)}</span>
            <span className="num block text-fg-2 text-xs">
              {done !== undefined ? formatDuration(done) : isReused(at) ? t("probe.skipped") : " "}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** What went over the wire; the server has taken the key out. */
function Raw({ result }: { result: NonNullable<ProbeRow["result"]> }) {
  const { t } = useTranslation("channels");
  const { request, response, curl, text } = result;
  if (request === "" && response === "" && curl === "") return null;
  return (
    <details className="text-sm">
      <summary className="min-h-6 w-fit text-fg-2">{t("probe.raw")}</summary>
      <div data-raw="" className="space-y-3 pt-2">
        {text !== undefined && text !== "" && (
          <p className="text-fg-2 [overflow-wrap:anywhere]">{text}</p>
        )}
        {request !== "" && <CodeBlock name={t("probe.request")} text={request} wrap />}
        {response !== "" && <CodeBlock name={t("probe.response")} text={response} wrap />}
        {curl !== "" && <CodeBlock name="curl" text={curl} wrap />}
      </div>
    </details>
  );
}
