import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { PriceSync, PriceSyncReport } from "@/api/types";
import { Notice } from "@/components/ui/notice";
import { Missing } from "@/components/value/missing";
import { Time, TimeAgo } from "@/components/value/time-ago";
import { formatExact } from "@/format/number";

const counts = ["listed", "applied", "waiting", "held_back", "pinned", "unpriced"] as const;

/** What is set about the list, and what the last look at it came to. */
export function PriceSyncState({ sync }: { sync: PriceSync }) {
  const { t } = useTranslation("catalog");
  const { source, every_hours: hours, last } = sync;
  return (
    <>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
        <Line name={t("sync.source")}>
          {source === undefined ? (
            <Missing reason={t("sync.no_source")} />
          ) : (
            <span data-raw="" className="[overflow-wrap:anywhere]">
              {source}
            </span>
          )}
        </Line>
        <Line name={t("sync.every")}>
          {hours === 0 ? t("sync.never") : t("sync.hours", { count: hours })}
        </Line>
        <Line name={t("sync.mode_label")}>
          {t(`sync.mode.${sync.mode}`, { factor: sync.factor })}
        </Line>
        <Line name={t("sync.next")}>
          {sync.running ? (
            t("sync.running")
          ) : (
            <Time time={sync.next_at} missing={t("sync.never")} />
          )}
        </Line>
      </dl>
      {last ? <Last last={last} /> : <p className="text-fg-2">{t("sync.no_look")}</p>}
    </>
  );
}

function Last({ last }: { last: PriceSyncReport }) {
  const { t, i18n } = useTranslation("catalog");
  const heading = (
    <>
      {t(`sync.trigger.${last.trigger}`)} <TimeAgo time={last.at} />
    </>
  );
  if (last.failure !== undefined) {
    return (
      <Notice tone="err" heading={heading}>
        <p>{t(`sync.failure.${last.failure}`)}</p>
        <p lang="en" data-raw="" className="font-mono text-xs">
          {last.detail}
        </p>
      </Notice>
    );
  }
  return (
    <Notice tone={last.waiting > 0 ? "warn" : "ok"} heading={heading}>
      {last.same ? (
        <p>{t("sync.same")}</p>
      ) : (
        <dl className="flex flex-wrap gap-x-4 gap-y-1">
          {counts.map((count) => (
            <div key={count} className="flex gap-1.5">
              <dt className="text-fg-2">{t(`sync.count.${count}`)}</dt>
              <dd className="num">{formatExact(last[count], i18n.language)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Notice>
  );
}

function Line(props: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg-2">{props.name}</dt>
      <dd className="min-w-0">{props.children}</dd>
    </>
  );
}
