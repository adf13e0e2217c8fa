import type { AttemptView, CallView } from "@/api/types";
import { StatusBadge } from "@/components/ui/status-badge";
import { Duration } from "@/components/value/duration";
import { Missing } from "@/components/value/missing";
import { ShortId } from "@/components/value/short-id";
import { formatBytes } from "@/format/number";
import { Section } from "./section";
import { StaticTable } from "./static-table";
import { useReader } from "./use-reader";
import { isOvertaken, isSkipped } from "./verdict";
import { causeWord, channelWord, scopeWord } from "./words";

const states = {
  accepted: "ok",
  retried: "degraded",
  failed: "down",
  cancelled: "unknown",
  skipped: "disabled",
  overtaken: "unknown",
} as const;

/** Every try: whom, how it went, why the next was tried. */
export function AttemptsView({ call }: { call: CallView }) {
  const reader = useReader();
  const { t } = reader;
  const seesCredentials = call.attempts.some((attempt) => attempt.credential !== undefined);
  if (call.attempts.length === 0) {
    return (
      <Section title={t("section.attempts")}>
        <p className="text-fg-2">{t("attempt.none")}</p>
      </Section>
    );
  }
  return (
    <Section title={t("section.attempts")}>
      <StaticTable
        label={t("section.attempts")}
        columns={[
          { name: t("attempt.number"), isNumber: true },
          { name: t("attempt.channel") },
          ...(seesCredentials ? [{ name: t("attempt.credential") }] : []),
          { name: t("attempt.status"), isNumber: true },
          { name: t("attempt.result") },
          { name: t("attempt.headers"), isNumber: true },
          { name: t("attempt.duration"), isNumber: true },
          { name: t("attempt.bytes"), isNumber: true },
          { name: t("attempt.id") },
        ]}
        rows={call.attempts.map((attempt, at) => ({
          id: String(at),
          cells: [
            at + 1,
            <div key="channel" className="whitespace-nowrap">
              <div className="font-medium">{channelWord(reader, attempt)}</div>
              {attempt.upstream_model !== undefined && (
                <div className="font-mono text-fg-2 text-xs">{attempt.upstream_model}</div>
              )}
            </div>,
            ...(seesCredentials ? [attempt.credential ?? "–"] : []),
            attempt.status ?? <Missing key="status" />,
            <Result key="result" attempt={attempt} />,
            <Duration key="headers" us={attempt.headers_us} />,
            ...(isSkipped(attempt)
              ? [<Missing key="duration" />, <Missing key="bytes" />]
              : [<Duration key="duration" us={attempt.duration_us} />, formatBytes(attempt.bytes)]),
            attempt.upstream_request_id === undefined ? (
              <Missing key="id" />
            ) : (
              <ShortId key="id" id={attempt.upstream_request_id} copy what={t("attempt.id")} />
            ),
          ],
        }))}
      />
    </Section>
  );
}

function Result({ attempt }: { attempt: AttemptView }) {
  const reader = useReader();
  const { t } = reader;
  return (
    <div className="min-w-40 space-y-0.5">
      <StatusBadge status={states[attempt.outcome]} word={t(`attempt.${attempt.outcome}`)} />
      {isSkipped(attempt) ? (
        <div>{t("attempt.skipped_why")}</div>
      ) : (
        attempt.cause !== undefined && <div>{causeWord(reader, attempt.cause)}</div>
      )}
      {isOvertaken(attempt) && <div>{t("attempt.overtaken_why")}</div>}
      {attempt.scope !== undefined && attempt.outcome !== "accepted" && (
        <div className="text-fg-2 text-xs">
          {t("attempt.scope", { scope: scopeWord(reader, attempt.scope) })}
        </div>
      )}
      {attempt.detail !== undefined && (
        <div data-raw="" className="max-w-80 text-fg-2 text-xs [overflow-wrap:anywhere]">
          {attempt.detail}
        </div>
      )}
    </div>
  );
}
