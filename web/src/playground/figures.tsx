import { useTranslation } from "react-i18next";

import { ShortId } from "@/components/value/short-id";
import { AppLink, linkLook } from "@/connect/app-link";
import { formatDuration } from "@/format/duration";
import { formatUsd } from "@/format/money";
import { formatCount } from "@/format/number";
import type { AssistantTurn } from "./conversation";

/** The address of a request's trace; nothing where that page is switched off. */
export type TraceHref = (requestId: string) => string | undefined;

/** Times, tokens, cost and the way to the trace. */
export function Figures({ turn, traceHref }: { turn: AssistantTurn; traceHref: TraceHref }) {
  const { t, i18n } = useTranslation("playground");
  const { usage, cost_usd, expected_usd } = turn;
  const href = turn.request_id === undefined ? undefined : traceHref(turn.request_id);
  const money = (usd: string) => formatUsd(usd, i18n.language);
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
    cost_usd !== undefined && t("turn.cost", { cost: money(cost_usd) }),
    cost_usd === undefined &&
      expected_usd !== undefined &&
      t("turn.cost_expected", { cost: money(expected_usd) }),
    turn.stopped && t("turn.stopped"),
    turn.reason !== undefined && t("turn.reason", { reason: turn.reason }),
    turn.model,
  ].filter((fact) => typeof fact === "string");
  return (
    <p className="num flex flex-wrap items-center gap-x-3 gap-y-0.5 text-fg-2 text-xs">
      {facts.map((fact) => (
        <span key={fact} className="[overflow-wrap:anywhere]">
          {fact}
        </span>
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
