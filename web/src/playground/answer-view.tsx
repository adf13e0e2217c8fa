import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { Spinner } from "@/components/ui/spinner";
import { Textarea } from "@/components/ui/textarea";
import type { AssistantTurn, ToolCall, ToolTurn } from "./conversation";
import { Failure } from "./failure";
import { Figures, type TraceHref } from "./figures";

type Results = readonly Omit<ToolTurn, "id" | "role">[];

interface Props {
  turn: AssistantTurn;
  isLast: boolean;
  running: boolean;
  onRegenerate: () => void;
  onResults: (results: Results) => void;
  traceHref: TraceHref;
}

/** One answer: thinking, text, calls, figures, or what went wrong. */
export function AnswerView({ turn, isLast, running, onRegenerate, onResults, traceHref }: Props) {
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
          <p
            data-raw=""
            className="mt-2 whitespace-pre-wrap text-fg-2 text-sm [overflow-wrap:anywhere]"
          >
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
      {turn.text && (
        <p data-raw="" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
          {turn.text}
        </p>
      )}
      {turn.tool_calls.map((call) => (
        <CallView key={call.id} call={call} />
      ))}
      {isLast && !running && turn.tool_calls.length > 0 && !turn.error && (
        <ResultsForm calls={turn.tool_calls} onSend={onResults} />
      )}
      {turn.error && <Failure error={turn.error} />}
      {!isGrowing && isEmpty && !turn.error && !turn.stopped && (
        <p className="text-fg-2">{t("turn.empty")}</p>
      )}
      {!isGrowing && <Figures turn={turn} traceHref={traceHref} />}
      {!isGrowing && (
        <div className="-ml-2.5 flex gap-1">
          {turn.text && <CopyButton text={turn.text} what={t("turn.assistant")} />}
          <Button size="sm" variant="ghost" disabled={running} onClick={onRegenerate}>
            {t("turn.regenerate")}
          </Button>
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

function ResultsForm(props: { calls: readonly ToolCall[]; onSend: (results: Results) => void }) {
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

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
