import { useTranslation } from "react-i18next";

import type { Overview } from "@/api/types";
import { Numbers } from "@/chart/numbers";
import { Duration } from "@/components/value/duration";
import { Money } from "@/components/value/money";
import { useTimeZone } from "@/components/value/time-zone";
import { Tokens } from "@/components/value/tokens";
import { todayUntil } from "@/dashboard/queries";
import { printRange } from "@/filter/range";
import { formatCount, formatShare } from "@/format/number";
import { onlyErrors, useCallsLink } from "@/usage/calls-link";
import type { UsageSearch } from "@/usage/usage-search";

/** The last five minutes and today in figures; each leads to the calls that make it. */
export function NowStrip({ overview, at }: { overview: Overview; at: number }) {
  const { t, i18n } = useTranslation("admin");
  const { now, today } = overview;
  const calls = useCallsLink("all");
  const day = printRange(todayUntil(at, useTimeZone()));
  const linked = (search: UsageSearch) => {
    const link = calls(search);
    return link ? { link } : {};
  };
  return (
    <Numbers
      label={t("now.label")}
      cells={[
        {
          key: "calls",
          label: t("now.calls"),
          value: rate(now.calls_per_minute),
          hint: t("now.minutes"),
          ...linked({ t: "1h" }),
        },
        {
          key: "tokens",
          label: t("now.tokens"),
          value: rate(now.tokens_per_minute),
          hint: t("now.minutes"),
          ...linked({ t: "1h" }),
        },
        {
          key: "in_flight",
          label: t("now.in_flight"),
          value: <Tokens count={now.in_flight} />,
          hint: t("now.in_flight_hint"),
        },
        {
          key: "errors",
          label: t("now.errors"),
          value: formatShare(now.error_share, i18n.language),
          hint: t("now.today", { value: formatShare(today.error_share, i18n.language) }),
          ...linked({ f: onlyErrors, t: "1h" }),
        },
        {
          key: "first_event",
          label: t("now.first_event"),
          value: <Duration us={now.p95_first_event_us} missing={t("now.no_first_event")} />,
          hint: t("now.minutes"),
          ...linked({ s: "-first_event", t: "1h" }),
        },
        {
          key: "spend",
          label: t("now.spend"),
          value: <Money usd={today.sums.cost_usd} />,
          hint: t("now.calls_today", {
            count: today.sums.calls,
            calls: formatCount(today.sums.calls),
          }),
          ...linked({ s: "-cost", t: day }),
        },
      ]}
    />
  );
}

/** A rate: one decimal below ten, where it says something. */
const rate = (value: number) =>
  value > 0 && value < 9.95 ? String(Math.round(value * 10) / 10) : formatCount(value);
