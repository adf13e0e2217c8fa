import { cloneElement, useState } from "react";
import { useTranslation } from "react-i18next";

import type { CallView } from "@/api/types";
import { Duration } from "@/components/value/duration";
import { Money } from "@/components/value/money";
import { TimeAgo } from "@/components/value/time-ago";
import { linkLook } from "@/connect/app-link";
import { Section } from "@/shell/page";
import { useCallsLink } from "@/usage/calls-link";
import { OutcomeBadge } from "@/usage/outcome";

/** The latest calls, as they end. Under the pointer or the focus they stand still. */
export function RecentCalls({ calls }: { calls: readonly CallView[] }) {
  const { t } = useTranslation("dashboard");
  const link = useCallsLink("mine");
  const all = link({});
  const [held, setHeld] = useState<readonly CallView[]>();
  const shown = held ?? calls;
  return (
    <Section
      title={t("recent.title")}
      actions={
        all && (
          <span className="text-sm">
            {cloneElement(all, { className: linkLook, children: t("recent.all") })}
          </span>
        )
      }
    >
      {shown.length === 0 ? (
        <p className="py-2 text-fg-2">{t("recent.none")}</p>
      ) : (
        <ol
          aria-label={t("recent.title")}
          onPointerEnter={() => setHeld(calls)}
          onPointerLeave={() => setHeld(undefined)}
          onFocus={() => setHeld((now) => now ?? calls)}
          onBlur={() => setHeld(undefined)}
          className="divide-y divide-line overflow-hidden rounded-panel border border-line bg-surface text-sm"
        >
          {shown.map((call) => (
            <li key={call.request_id}>
              <Row call={call} link={link({ req: call.request_id })} />
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function Row(props: { call: CallView; link: ReturnType<ReturnType<typeof useCallsLink>> }) {
  const { t } = useTranslation("dashboard");
  const { call, link } = props;
  const look =
    "grid min-h-9 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 px-3 py-1.5 sm:grid-cols-[6rem_minmax(0,1fr)_minmax(0,1.2fr)_4.5rem_5.5rem]";
  const cells = (
    <>
      <span className="text-fg-2 max-sm:order-4 max-sm:text-right">
        <TimeAgo time={call.started_at} />
      </span>
      <span className="min-w-0 max-sm:order-3">
        <OutcomeBadge call={call} />
      </span>
      <bdi data-raw="" title={call.model} className="truncate max-sm:order-1 max-sm:font-medium">
        {call.model}
      </bdi>
      <span className="text-right max-sm:hidden">
        <Duration us={call.first_event_us} missing={t("recent.no_first_event")} />
      </span>
      <span className="text-right max-sm:order-2">
        <Money
          usd={call.cost_usd}
          missing={t(call.billing === "quarantined" ? "recent.quarantined" : "recent.no_price")}
        />
      </span>
    </>
  );
  if (!link) return <div className={look}>{cells}</div>;
  return cloneElement(link, {
    className: `${look} hover:bg-surface-2 -outline-offset-2!`,
    children: cells,
  });
}
