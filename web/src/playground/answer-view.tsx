import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Spinner } from "@/components/ui/spinner";
import { Textarea } from "@/components/ui/textarea";
import { ShortId } from "@/components/value/short-id";
import { AppLink, linkLook } from "@/connect/app-link";
import { formatDuration } from "@/format/duration";
import { formatCount } from "@/format/number";
import type { AssistantTurn, ToolCall } from "./conversation";
import type { Playground } from "./use-playground";

/** The address of a request's trace; nothing where that page is switched off. */
export type TraceHref = (requestId: string) => string | undefined;

interface Props {
  turn: AssistantTurn;
  isLast: boolean;
  running: boolean;
  play: Pick<Playground, "regenerate" | "giveResults">;
  traceHref: TraceHref;
}

/** One answer: thinking, text, calls, figures, or what went wrong. */
export function AnswerView({ turn, isLast, running, play, traceHref }: Props) {
  const { t } = useTranslation("playground");
  const isGrowing = running && isLast;
  const isEmpty = !turn.text && !turn.thinking && turn.tool_calls.length === 0;
  return (
    <div className="space-y-3">
      {turn.thinking && (
        <details
          open={isGrowing && !turn.text}
          className="rounded-control border border-line px-3 py-1.5"
        >
          <summary className="cursor-pointer text-fg-2 text-sm">{t("turn.thinking")}</summary>
          <p className="mt-2 whitespace-pre-wrap text-fg-2 text-sm [overflow-wrap:anywhere]">
            {turn.thinking}
          </p>
        </details>
      )}
      {isEmpty && isGrowing && (
        <p role="status" className="flex items-center gap-2 text-fg-2">
          <Spinner />
          {t("turn.working")}
        </p>
      )}
      {turn.text && <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{turn.text}</p>}
      {turn.tool_calls.map((call) => (
        <CallView key={call.id} call={call} />
      ))}
      {isLast && !running && turn.tool_calls.length > 0 && !turn.error && (
        <ResultsForm calls={turn.tool_calls} onSend={play.giveResults} />
      )}
      {turn.error && (
        <div role="alert">
          <Notice
            tone="err"
            heading={
              turn.error.status === undefined
                ? t("turn.error")
                : t("turn.error_status", { status: turn.error.status })
            }
          >
            {turn.error.code === "network" ? t("turn.network") : turn.error.message}
            {turn.error.code !== undefined && turn.error.code !== "network" && (
              <span className="ml-2 font-mono text-fg-2 text-sm">{turn.error.code}</span>
            )}
          </Notice>
        </div>
      )}
      {!isGrowing && isEmpty && !turn.error && !turn.stopped && (
        <p className="text-fg-2">{t("turn.empty")}</p>
      )}
      {!isGrowing && <Figures turn={turn} traceHref={traceHref} />}
      {!isGrowing && (
        <div className="-ml-2.5 flex gap-1">
          {turn.text && <CopyButton text={turn.text} what={t("turn.assistant")} />}
          {isLast && (
            <Button size="sm" variant="ghost" onClick={play.regenerate}>
              {t("turn.regenerate")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function CallView({ call }: { call: ToolCall }) {
  const { t } = useTranslation("playground");
  return (
    <figure className="overflow-hidden rounded-control border border-line">
      <figcaption className="bg-surface-2 px-3 py-1 text-sm">
        {t("turn.call", { name: call.name })}
      </figcaption>
      <pre className="overflow-x-auto px-3 py-2 font-mono text-sm">{pretty(call.arguments)}</pre>
    </figure>
  );
}

function ResultsForm(props: { calls: readonly ToolCall[]; onSend: Playground["giveResults"] }) {
  const { t } = useTranslation("playground");
  const [outputs, setOutputs] = useState<Record<string, string>>({});
  return (
    <form
      className="space-y-2"
      onSubmit={(event) => {
        event.preventDefault();
        props.onSend(
          props.calls.map(({ id, name }) => ({ call_id: id, name, output: outputs[id] ?? "" })),
        );
      }}
    >
      {props.calls.map((call) => (
        <Field key={call.id} label={`${t("turn.result")}: ${call.name}`}>
          <Textarea
            value={outputs[call.id] ?? ""}
            onChange={(event) => setOutputs({ ...outputs, [call.id]: event.target.value })}
            className="min-h-12 font-mono text-sm"
          />
        </Field>
      ))}
      <Button type="submit" size="sm">
        {t("turn.send_result")}
      </Button>
    </form>
  );
}

/** Times, tokens and the way to the trace, which has the cost. */
function Figures({ turn, traceHref }: { turn: AssistantTurn; traceHref: Props["traceHref"] }) {
  const { t } = useTranslation("playground");
  const { usage } = turn;
  const href = turn.request_id === undefined ? undefined : traceHref(turn.request_id);
  const facts = [
    turn.first_ms !== undefined &&
      t("turn.first", { duration: formatDuration(turn.first_ms * 1_000) }),
    turn.total_ms !== undefined &&
      t("turn.total", { duration: formatDuration(turn.total_ms * 1_000) }),
    usage &&
      t("turn.input", { tokens: formatCount(usage.input + usage.cache_read + usage.cache_write) }),
    usage && usage.cache_read > 0 && t("turn.cached", { tokens: formatCount(usage.cache_read) }),
    usage && t("turn.output", { tokens: formatCount(usage.output) }),
    usage && usage.reasoning > 0 && t("turn.reasoning", { tokens: formatCount(usage.reasoning) }),
    turn.stopped && t("turn.stopped"),
    turn.reason !== undefined && t("turn.reason", { reason: turn.reason }),
    turn.model,
  ].filter((fact) => typeof fact === "string");
  return (
    <p className="num flex flex-wrap items-center gap-x-3 gap-y-0.5 text-fg-2 text-xs">
      {facts.map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
      {turn.request_id !== undefined && (
        <>
          <ShortId id={turn.request_id} />
          {href !== undefined && (
            <AppLink href={href} className={linkLook}>
              {t("turn.trace")}
            </AppLink>
          )}
        </>
      )}
    </p>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
