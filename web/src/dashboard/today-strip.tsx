import { useTranslation } from "react-i18next";

import type { Dashboard } from "@/api/types";
import { Numbers } from "@/chart/numbers";
import { Duration } from "@/components/value/duration";
import { Money } from "@/components/value/money";
import { useTimeZone } from "@/components/value/time-zone";
import { Tokens } from "@/components/value/tokens";
import { printRange } from "@/filter/range";
import { formatShare } from "@/format/number";
import { onlyErrors, useCallsLink } from "@/usage/calls-link";
import { todayUntil } from "./queries";

/** Today in figures, against yesterday until the same time. Each leads to the calls that make it. */
export function TodayStrip({ dashboard, at }: { dashboard: Dashboard; at: number }) {
  const { t, i18n } = useTranslation("dashboard");
  const { today, yesterday_same_time: before } = dashboard;
  const { sums } = today;
  const calls = useCallsLink("mine");
  const range = printRange(todayUntil(at, useTimeZone()));
  const linked = (search: { f?: string; s?: string } = {}) => {
    const link = calls({ ...search, t: range });
    return link ? { link } : {};
  };
  const than = t("today.yesterday");
  return (
    <Numbers
      label={t("today.label")}
      cells={[
        {
          key: "spend",
          label: t("today.spend"),
          value: <Money usd={sums.cost_usd} />,
          change: { now: Number(sums.cost_usd), before: Number(before.cost_usd), than },
          ...linked({ s: "-cost" }),
        },
        {
          key: "calls",
          label: t("today.calls"),
          value: <Tokens count={sums.calls} />,
          change: { now: sums.calls, before: before.calls, than },
          ...linked(),
        },
        {
          key: "errors",
          label: t("today.errors"),
          value: formatShare(today.error_share, i18n.language),
          hint: t("today.errors_count", { count: sums.errors }),
          ...linked({ f: onlyErrors }),
        },
        {
          key: "first_event",
          label: t("today.first_event"),
          value: <Duration us={today.p50_first_event_us} missing={t("today.no_first_event")} />,
          hint: today.p95_first_event_us !== undefined && (
            <>
              {"P95 "}
              <Duration us={today.p95_first_event_us} />
            </>
          ),
          ...linked({ s: "-first_event" }),
        },
        {
          key: "cache",
          label: t("today.cache"),
          value: formatShare(today.cache_hit_share, i18n.language),
          hint: (
            <>
              {t("today.saved")} <Money usd={sums.cache_saved_usd} />
            </>
          ),
          ...linked(),
        },
      ]}
    />
  );
}
