import type { AttemptView, CallView } from "@/api/types";
import { type Status, StatusBadge } from "@/components/ui/status-badge";
import { useReader } from "@/trace/use-reader";
import { causeWord } from "@/trace/words";

type Outcome = CallView["outcome"];

/** The state an outcome is. A client that left is nobody's failure. */
const statuses: Record<Outcome, Status> = {
  ok: "ok",
  refused: "degraded",
  rejected: "degraded",
  failed: "down",
  broken: "down",
  client_gone: "disabled",
};

/** How a call ended: the word, the status, and why. */
export function OutcomeBadge({ call }: { call: CallView }) {
  const reader = useReader();
  const cause = call.cause !== undefined && call.outcome !== "client_gone";
  return (
    <StatusBadge
      status={statuses[call.outcome]}
      word={reader.t(`outcome.${call.outcome}`)}
      detail={
        call.outcome === "ok" ? undefined : (
          <>
            {call.status}
            {cause && call.cause !== undefined && ` ${causeWord(reader, call.cause)}`}
          </>
        )
      }
    />
  );
}

/** What became of an attempt, in one sign. */
const chips = {
  accepted: { sign: "✓", look: "text-ok", words: "outcome.ok" },
  skipped: { sign: "–", look: "text-fg-3", words: "attempt.skipped" },
  overtaken: { sign: "–", look: "text-fg-3", words: "attempt.overtaken" },
  failed: { sign: "✕", look: "text-err", words: "outcome.failed" },
} as const;

const chipOf = ({ outcome }: AttemptView) =>
  chips[outcome in chips ? (outcome as keyof typeof chips) : "failed"];

/** Every attempt in order, each with what became of it: `A ✕ → B ✓`. */
export function Attempts({ call }: { call: CallView }) {
  const reader = useReader();
  if (call.attempts.length === 0) return null;
  return (
    <span className="block max-w-full truncate">
      {call.attempts.map((attempt, at) => {
        const { sign, look, words } = chipOf(attempt);
        const name = attempt.channel ?? attempt.label;
        return (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: attempts are only ever told apart by their order
            key={at}
            className="mr-1 inline-flex items-center gap-1"
          >
            {at > 0 && (
              <span aria-hidden="true" className="text-fg-3">
                →
              </span>
            )}
            <bdi data-raw="" className="max-w-32 truncate">
              {name}
            </bdi>
            <span aria-hidden="true" className={look}>
              {sign}
            </span>
            <span className="sr-only">{reader.t(words)}</span>
          </span>
        );
      })}
    </span>
  );
}
