import { cloneElement } from "react";
import { useTranslation } from "react-i18next";

import type { Dashboard } from "@/api/types";
import type { LinkElement } from "@/chart/bar-list";
import { StatusShape } from "@/components/ui/status-shape";
import { TimeAgo } from "@/components/value/time-ago";
import { linkLook } from "@/connect/app-link";
import { Section } from "@/shell/page";
import { useReader } from "@/trace/use-reader";
import { causeWord } from "@/trace/words";
import { only, onlyErrors, useCallsLink } from "@/usage/calls-link";
import type { DashboardSpan } from "./queries";

type RecentError = Dashboard["recent_errors"][number];

/** Why calls failed, the latest cause first; each leads to its calls and to the trace of the last one. */
export function RecentErrors(props: { errors: readonly RecentError[]; span: DashboardSpan }) {
  const { t } = useTranslation("dashboard");
  const { errors, span } = props;
  const calls = useCallsLink("mine");
  return (
    <Section title={t("errors.title")}>
      {errors.length === 0 ? (
        <p className="flex items-center gap-2 py-2 text-fg-2">
          <span className="text-ok">
            <StatusShape status="ok" />
          </span>
          {t("errors.none")}
        </p>
      ) : (
        <ul className="divide-y divide-line rounded-panel border border-line bg-surface">
          {errors.map((error) => {
            const f = `${onlyErrors} ${only("cause", error.cause)}`;
            return (
              <Row
                key={error.cause}
                error={error}
                list={calls({ f, t: span })}
                trace={calls({ f, t: span, req: error.last.request_id })}
              />
            );
          })}
        </ul>
      )}
    </Section>
  );
}

function Row(props: {
  error: RecentError;
  list: LinkElement | undefined;
  trace: LinkElement | undefined;
}) {
  const { t } = useTranslation("dashboard");
  const reader = useReader();
  const { cause, origin, count, last } = props.error;
  const word = cause.startsWith("_")
    ? reader.t(`outcome.${last.outcome}`)
    : causeWord(reader, cause);
  return (
    <li className="space-y-0.5 px-3 py-2">
      <div className="flex items-baseline justify-between gap-3">
        <span className="block min-w-0 truncate font-medium first-letter:uppercase">
          {props.list ? cloneElement(props.list, { className: linkLook, children: word }) : word}
        </span>
        <span className="num shrink-0 text-sm">{t("errors.count", { count })}</span>
      </div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-3 text-fg-2 text-sm">
        <span>{origin !== undefined && reader.t(`origin.${origin}`)}</span>
        <span className="inline-flex items-baseline gap-2">
          <TimeAgo time={last.started_at} />
          {props.trace &&
            cloneElement(props.trace, { className: linkLook, children: t("errors.last") })}
        </span>
      </div>
      <p className="truncate text-fg-3 text-xs">
        <bdi data-raw="">{last.model}</bdi>
      </p>
    </li>
  );
}
