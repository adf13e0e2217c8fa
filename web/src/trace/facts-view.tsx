import type { Trace } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { ShortId } from "@/components/value/short-id";
import { Time } from "@/components/value/time-ago";
import { formatBytes } from "@/format/number";
import { Facts, Section } from "./section";
import { useReader } from "./use-reader";

/** Which model was asked for, sent and answered. */
export function ModelsView({ trace }: { trace: Trace }) {
  const { t } = useReader();
  const { call } = trace;
  if (call.model === "") return null;
  const code = (name: string | undefined) =>
    name === undefined ? undefined : <code className="font-mono text-sm">{name}</code>;
  return (
    <Section
      title={t("section.models")}
      aside={call.model_mismatch && <Badge tone="warn">{t("models.mismatch")}</Badge>}
    >
      <Facts
        items={[
          [t("models.asked"), code(call.model)],
          [t("models.sent"), code(call.upstream_model)],
          [t("models.answered"), code(call.answered_model)],
        ]}
      />
      {call.upstream_model !== undefined && (
        <p className="text-fg-2 text-sm">
          {call.model_mismatch
            ? t("models.mismatch_hint")
            : call.answered_model === undefined
              ? t("models.silent")
              : t("models.same")}
        </p>
      )}
    </Section>
  );
}

/** Whether the request was translated, and what that cost it. */
export function ConversionView({ trace }: { trace: Trace }) {
  const { t } = useReader();
  const isTranslated = trace.lane === "translated";
  if (trace.call.attempts.length === 0) return null;
  return (
    <Section title={t("section.conversion")}>
      <p className="text-fg-2">
        {trace.upstream_dialect === undefined
          ? t(`conversion.${trace.lane}`)
          : t("conversion.between", {
              client: t(`dialect.${trace.call.dialect}`),
              upstream: t(`dialect.${trace.upstream_dialect}`),
            })}
        {isTranslated && trace.losses.length === 0 && ` ${t("conversion.no_losses")}`}
      </p>
      {trace.losses.length > 0 && (
        <div className="space-y-1">
          <p>{t("conversion.losses")}</p>
          <ul className="list-disc pl-5">
            {trace.losses.map((loss) => (
              <li key={`${loss.kind} ${loss.path}`}>
                <code className="font-mono text-sm [overflow-wrap:anywhere]">{loss.path}</code>{" "}
                <Badge tone={loss.kind === "dropped" ? "warn" : "neutral"}>
                  {t(`conversion.kind.${loss.kind}`)}
                </Badge>
                {loss.why !== undefined && (
                  <span lang="en" className="text-fg-2 text-sm">
                    {" "}
                    {loss.why}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Section>
  );
}

const masked = (text: string | undefined) =>
  text === undefined ? undefined : <span data-private="">{text}</span>;

/** Who called, with what, how much. */
export function ClientView({ trace }: { trace: Trace }) {
  const { t } = useReader();
  const { call } = trace;
  return (
    <Section title={t("section.client")}>
      <Facts
        items={[
          [
            t("facts.request_id"),
            <ShortId key="id" id={call.request_id} copy what={t("facts.request_id")} />,
          ],
          [t("facts.time"), <Time key="time" time={call.started_at} />],
          [t("facts.user"), masked(call.user)],
          [
            t("facts.key"),
            masked(
              call.api_key === undefined
                ? undefined
                : [call.api_key, call.api_key_hint && `…${call.api_key_hint}`]
                    .filter(Boolean)
                    .join(" "),
            ),
          ],
          [t("facts.group"), call.channel_group],
          [t("facts.client"), call.client],
          [t("facts.user_agent"), call.user_agent],
          [t("facts.address"), masked(call.client_address)],
          [t("facts.dialect"), t(`dialect.${call.dialect}`)],
          [t("facts.operation"), <code key="operation">{call.operation}</code>],
          [t("facts.sent"), formatBytes(call.request_bytes)],
          [t("facts.received"), formatBytes(call.response_bytes)],
          [t("facts.node"), trace.node],
          [t("facts.config"), String(trace.config_version)],
        ]}
      />
    </Section>
  );
}
