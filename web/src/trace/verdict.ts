/** What became of a request, as one sentence made of facts. */

import type { AttemptView, CallView, Trace } from "@/api/types";
import { formatDuration } from "@/format/duration";
import { formatUsd } from "@/format/money";
import type texts from "@/i18n/en/trace";
import { elapsed } from "./instant";
import { causeWord, channelWord, type Reader } from "./words";

export type VerdictKey = keyof (typeof texts)["verdict"];
export type AdviceKey = keyof (typeof texts)["advice"];
export type Tone = "ok" | "warn" | "err";

/** The sentence to say, with everything that it names. */
export interface Verdict {
  key: VerdictKey;
  tone: Tone;
  /** Who answered, or was asked last. */
  channel?: AttemptView;
  /** Attempts that failed before, in order. */
  failures: readonly AttemptView[];
  /** Of what the sentence tells, in microseconds. */
  duration_us?: number;
}

/** How many failures a sentence names before it counts the rest. */
const namedFailures = 3;

/** Answers that Realms itself ended, by cause. */
const stopped: Record<string, VerdictKey> = {
  shutdown: "broken_shutdown",
  revoked: "broken_revoked",
};

/** Whether nobody was asked: the candidate was passed over for a limit of its own. */
export const isSkipped = ({ outcome }: AttemptView): boolean => outcome === "skipped";

/** Whether another one, asked at the same time, answered before it. */
export const isOvertaken = ({ outcome }: AttemptView): boolean => outcome === "overtaken";

/** Decides which sentence is true of a request. */
export function verdictOf({
  call,
  decision,
  repeat_of,
}: Pick<Trace, "call" | "decision" | "repeat_of">): Verdict {
  if (repeat_of !== undefined && call.outcome === "ok") {
    return { key: "repeated", tone: "ok", failures: [] };
  }
  const made = call.attempts.filter((attempt) => !isSkipped(attempt));
  const skipped = call.attempts.filter(isSkipped);
  const last = made.at(-1);
  const accepted = made.find((attempt) => attempt.outcome === "accepted");
  const failures = made.filter(
    (attempt) =>
      attempt.outcome === "retried" || (attempt.outcome === "failed" && attempt !== last),
  );
  const at = accepted ?? last;
  const channel = at && { channel: at };
  switch (call.outcome) {
    case "ok":
      return {
        ...wayToAnswer(failures, made.filter(isOvertaken), skipped),
        tone: "ok",
        ...channel,
      };
    case "broken":
      return {
        key: stopped[call.cause ?? ""] ?? "broken",
        tone: "err",
        failures,
        duration_us: Math.max(0, call.duration_us - (call.first_event_us ?? 0)),
        ...channel,
      };
    case "client_gone": {
      const midway = call.first_event_us !== undefined;
      return {
        key: midway ? "client_gone_midway" : "client_gone",
        tone: "warn",
        failures,
        duration_us: call.duration_us,
        ...channel,
      };
    }
    case "rejected":
      return { key: "rejected", tone: "err", failures, ...channel };
    case "failed": {
      const failed = call.attempts.filter((attempt) => attempt.outcome !== "accepted");
      return {
        key: failed.length > 0 ? "exhausted" : "exhausted_none",
        tone: "err",
        failures: failed,
      };
    }
    case "refused":
      return { key: refusalOf(call, decision), tone: "err", failures: [] };
  }
}

/** What stood before an answer: what failed, else who was late, else who was passed over. */
function wayToAnswer(
  failures: readonly AttemptView[],
  overtaken: readonly AttemptView[],
  skipped: readonly AttemptView[],
): Pick<Verdict, "key" | "failures"> {
  if (failures.length > 0) return { key: "ok_after", failures };
  if (overtaken.length > 0) return { key: "ok_overtaken", failures: overtaken };
  return { key: skipped.length > 0 ? "ok_skipped" : "ok", failures: skipped };
}

/** Why nobody was asked: from whose fault it is, the status, and what was left of the candidates. */
function refusalOf(call: CallView, decision: Trace["decision"]): VerdictKey {
  if (call.origin === "storage") return "refused_storage";
  if (call.cause === "revoked") return "refused_revoked";
  if (isOnlyDialect(decision)) return "refused_dialect";
  switch (call.status) {
    case 401:
      return "refused_unauthorized";
    case 402:
      return "refused_balance";
    case 403:
      return "refused_forbidden";
    case 404:
      if (isOutOfGroups(decision)) return "refused_not_in_groups";
      if (decision && decision.considered.length > 0) return "refused_nobody";
      return decision === undefined && call.model !== ""
        ? "refused_unknown_model"
        : "refused_not_found";
    case 400:
    case 405:
    case 409:
    case 415:
    case 422:
      return "refused_bad_request";
    case 408:
    case 504:
      return "refused_timeout";
    case 413:
      return "refused_too_large";
    case 429:
      return "refused_limited";
    case 503:
      return "refused_nobody";
    case 500:
    case 501:
      return "refused_internal";
    default:
      return "refused_other";
  }
}

/** Whether the dialect is what stood in the way of the last candidates. */
function isOnlyDialect(decision: Trace["decision"]): boolean {
  const considered = decision?.considered ?? [];
  const reachable = considered.filter((one) => one.excluded !== "not_in_groups");
  return reachable.length > 0 && reachable.every((one) => one.excluded === "dialect");
}

/** Whether channels serve the model, but none that the API key reaches. */
function isOutOfGroups(decision: Trace["decision"]): boolean {
  const considered = decision?.considered ?? [];
  return considered.length > 0 && considered.every((one) => one.excluded === "not_in_groups");
}

/** What to do about a refusal; nothing where the sentence says it or nobody can do anything. */
export function adviceOf(
  trace: Pick<Trace, "call" | "decision" | "repeat_of">,
): AdviceKey | undefined {
  const { key } = verdictOf(trace);
  return key in advised ? (key as AdviceKey) : undefined;
}

const advised: Record<AdviceKey, true> = {
  refused_unauthorized: true,
  refused_forbidden: true,
  refused_unknown_model: true,
  refused_not_in_groups: true,
  refused_dialect: true,
  refused_nobody: true,
  refused_limited: true,
  refused_too_large: true,
  refused_revoked: true,
  rejected: true,
  exhausted: true,
};

/** The sentence in the reader's language. */
export function verdictSentence(
  reader: Reader,
  trace: Pick<Trace, "call" | "decision" | "repeat_of">,
): string {
  const { t } = reader;
  const { call } = trace;
  const verdict = verdictOf(trace);
  return t(`verdict.${verdict.key as "ok"}`, {
    channel: verdict.channel ? channelWord(reader, verdict.channel) : t("verdict.channel_none"),
    failures: failuresPhrase(reader, verdict.failures),
    cause: call.cause === undefined ? "" : causeWord(reader, call.cause),
    duration: formatDuration(verdict.duration_us ?? call.duration_us),
    status: String(call.status),
    model: call.model,
    dialect: t(`dialect.${call.dialect}`),
    repeat_of: trace.repeat_of ?? "",
  });
}

/** Failures as a list in words. */
function failuresPhrase(reader: Reader, failures: readonly AttemptView[]): string {
  const { t, language } = reader;
  const named = failures.length > namedFailures + 1 ? failures.slice(0, namedFailures) : failures;
  const phrases = named.map((attempt) => failurePhrase(reader, attempt));
  const more = failures.length - named.length;
  if (more > 0) phrases.push(t("verdict.failure_more", { count: more }));
  return new Intl.ListFormat(language, { type: "conjunction" }).format(phrases);
}

function failurePhrase(reader: Reader, attempt: AttemptView): string {
  const { t } = reader;
  if (isSkipped(attempt)) {
    return t("verdict.failure_skipped", { channel: channelWord(reader, attempt) });
  }
  const common = {
    channel: channelWord(reader, attempt),
    duration: formatDuration(attempt.duration_us),
  };
  if (isOvertaken(attempt)) return t("verdict.failure_overtaken", common);
  return attempt.status !== undefined && attempt.status >= 300
    ? t("verdict.failure_status", { ...common, status: String(attempt.status) })
    : t("verdict.failure_cause", {
        ...common,
        cause: causeWord(reader, attempt.cause ?? "broken"),
      });
}

/** The figures beside the sentence: first event, whole length, cost. */
export function verdictFacts(reader: Reader, { call, price }: Trace): string[] {
  const { t, language } = reader;
  const facts: string[] = [];
  if (call.first_event_us !== undefined)
    facts.push(t("verdict.fact_first", { duration: formatDuration(call.first_event_us) }));
  facts.push(t("verdict.fact_total", { duration: formatDuration(call.duration_us) }));
  if (call.cost_usd !== undefined)
    facts.push(t("verdict.fact_cost", { cost: formatUsd(call.cost_usd, language) }));
  else if (price?.unknown) facts.push(t("verdict.fact_no_price"));
  if (call.certainty === "estimated") facts.push(t("verdict.fact_estimated"));
  return facts;
}

/** When an attempt began, in microseconds after the call. */
export function attemptStart(call: CallView, attempt: AttemptView): number {
  return Math.max(0, elapsed(call.started_at, attempt.started_at));
}
