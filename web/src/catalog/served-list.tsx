import { cloneElement } from "react";
import { useTranslation } from "react-i18next";
import { type Status, StatusBadge } from "@/components/ui/status-badge";
import { Money } from "@/components/value/money";
import { Tokens } from "@/components/value/tokens";
import { AppLink, linkLook } from "@/connect/app-link";
import { useOpens } from "@/shell/use-opens";
import { only, useCallsLink } from "@/usage/calls-link";
import { hrefOfChannel, type ModelRow, type ServedBy } from "./model";

const shapes: Record<ServedBy["state"], Status> = {
  serving: "ok",
  degraded: "degraded",
  cooling_down: "cooling",
  down: "down",
  disabled: "disabled",
};

/** Which channels serve a model and how, and what it was used for. */
export function ServedList({ row }: { row: ModelRow }) {
  const { t } = useTranslation("catalog");
  const callsLink = useCallsLink("all");
  const { calls, cost_usd } = row.last_30d;
  const link = calls > 0 ? callsLink({ f: only("model", row.name), t: "30d" }) : undefined;
  return (
    <>
      <section aria-label={t("column.served")} className="space-y-2">
        <h3 className="font-semibold">{t("column.served")}</h3>
        <Channels row={row} />
      </section>
      <section aria-label={t("usage")} className="space-y-2">
        <h3 className="font-semibold">{t("usage")}</h3>
        <p className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
          {calls === 0 ? (
            <span className="text-fg-2">{t("unused")}</span>
          ) : (
            <>
              <span>
                <Tokens count={calls} /> {t("calls", { count: calls })}
              </span>
              <Money usd={cost_usd} />
            </>
          )}
          {link && cloneElement(link, { className: linkLook }, t("show_calls"))}
        </p>
      </section>
    </>
  );
}

function Channels({ row }: { row: ModelRow }) {
  const { t } = useTranslation("catalog");
  const opens = useOpens();
  if (row.channels.length === 0) {
    return (
      <p className="text-fg-2">
        {t("served_none")}{" "}
        {opens("/admin/channels") && (
          <AppLink href="/admin/channels" className={linkLook}>
            {t("to_channels")}
          </AppLink>
        )}
      </p>
    );
  }
  return <ChannelLinks channels={row.channels} model={row.name} />;
}

/** The channels as links to where their models are chosen. */
export function ChannelLinks(props: { channels: readonly ServedBy[]; model: string }) {
  const { t } = useTranslation("channels");
  const isThere = useOpens()("/admin/channels");
  return (
    <ul className="divide-y divide-line rounded-panel border border-line">
      {props.channels.map(({ channel, upstream, state }) => (
        <li key={channel} className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-1.5">
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            {isThere ? (
              <AppLink href={`${hrefOfChannel(channel)}/models`} data-raw="" className={linkLook}>
                {channel}
              </AppLink>
            ) : (
              <bdi data-raw="">{channel}</bdi>
            )}
            {upstream !== props.model && (
              <span data-raw="" className="ml-2 font-mono text-fg-2 text-xs">
                {`→ ${upstream}`}
              </span>
            )}
          </span>
          <StatusBadge status={shapes[state]} word={t(`state.${state}`)} />
        </li>
      ))}
    </ul>
  );
}
