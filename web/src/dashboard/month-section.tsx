import { cloneElement, type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { Dashboard } from "@/api/types";
import type { LinkElement } from "@/chart/bar-list";
import type { Series } from "@/chart/series";
import { TimeChart } from "@/chart/time-chart";
import { Notice } from "@/components/ui/notice";
import { Money } from "@/components/value/money";
import { linkLook } from "@/connect/app-link";
import { printRange } from "@/filter/range";
import { formatUsd, nanoOf, usdOf } from "@/format/money";
import { formatShare } from "@/format/number";
import { Section } from "@/shell/page";
import { useCallsLink } from "@/usage/calls-link";
import { BudgetEditor } from "./budget";
import { leastDays } from "./forecast";
import { type MonthView, monthOf, standingOf } from "./month";
import { useOpenRange } from "./open-range";
import { useBudget } from "./use-budget";

const band = ["low", "high"] as const;

/** What this month costs so far, what it will have cost, and how both stand to the budget. */
export function MonthSection({ month, at }: { month: Dashboard["month"]; at: number }) {
  const { t } = useTranslation("dashboard");
  const [budget] = useBudget();
  const view = useMemo(() => monthOf(month, at), [month, at]);
  const calls = useCallsLink("mine");
  const all = { t: printRange(view.soFar) };
  const dearest = calls({ ...all, s: "-cost" });
  return (
    <Section
      title={t("month.title")}
      actions={
        dearest && cloneElement(dearest, { className: linkLook, children: t("month.dearest") })
      }
    >
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,1fr)]">
        <MonthChart view={view} budget={budget} at={at} />
        <MonthWords
          view={view}
          budget={budget}
          spent={month.sums.cost_usd}
          all={calls({ ...all, s: "-cost" })}
          whole={calls({ t: printRange(view.whole) })}
        />
      </div>
    </Section>
  );
}

function MonthChart(props: { view: MonthView; budget: string | undefined; at: number }) {
  const { t, i18n } = useTranslation("dashboard");
  const { view, budget, at } = props;
  const open = useOpenRange();
  const series = useMemo(() => {
    const foreseen = (key: "low" | "middle" | "high"): Series => ({
      key,
      label: t(`month.line_${key}`),
      values: view.forecasts.map((forecast) => forecast?.[key] ?? null),
      tone: "none",
      isDashed: true,
    });
    const lines: Series[] = [{ key: "spent", label: t("month.line_spent"), values: view.spent }];
    if (view.forecast) lines.push(foreseen("low"), foreseen("middle"), foreseen("high"));
    if (budget !== undefined) {
      const values = view.buckets.starts.map(() => Number(budget));
      lines.push({ key: "budget", label: t("month.budget"), values, tone: "warn" });
    }
    return lines;
  }, [view, budget, t]);
  return (
    <TimeChart
      label={t("month.chart")}
      kind="lines"
      buckets={view.buckets}
      series={series}
      band={band}
      format={(value) => formatUsd(value.toFixed(9), i18n.language)}
      {...(open && {
        onRange: (range) => {
          const isToCome = "since" in range && Date.parse(range.since) > at;
          if (!isToCome) open(range);
        },
      })}
    />
  );
}

/** The month in words: each figure with the calls it is made from. */
function MonthWords(props: {
  view: MonthView;
  budget: string | undefined;
  spent: string;
  all: LinkElement | undefined;
  whole: LinkElement | undefined;
}) {
  const { t, i18n } = useTranslation("dashboard");
  const { budget, spent, all, whole } = props;
  const { forecast } = props.view;
  const dollars = (value: number) => formatUsd(value.toFixed(9), i18n.language);
  const linked = (link: LinkElement | undefined, children: ReactNode) =>
    link ? cloneElement(link, { className: linkLook, children }) : children;
  const share = budget === undefined ? 0 : Number(spent) / Number(budget);
  const [low, high] = forecast ? [dollars(forecast.low), dollars(forecast.high)] : [];
  return (
    <div className="space-y-4">
      <dl className="grid grid-cols-1 gap-4 sm:grid-cols-3 lg:grid-cols-1">
        <Fact term={t("month.spent")} value={linked(all, <Money usd={spent} />)} />
        <Fact
          term={t("month.budget")}
          value={
            <span className="inline-flex items-center gap-2">
              {budget === undefined ? (
                <span className="font-normal text-base text-fg-2">{t("month.no_budget")}</span>
              ) : (
                <Money usd={budget} />
              )}
              <BudgetEditor />
            </span>
          }
          {...(budget !== undefined && {
            hint: linked(all, t("month.share", { share: formatShare(share, i18n.language) })),
          })}
        />
        {forecast ? (
          <Fact
            term={t("month.forecast")}
            value={linked(whole, dollars(forecast.middle))}
            {...(low !== high && { hint: t("month.likely", { low, high }) })}
          />
        ) : (
          <Fact term={t("month.forecast")} hint={t("month.too_early", { count: leastDays })} />
        )}
      </dl>
      {budget !== undefined && <Verdict {...{ budget, spent, forecast }} />}
    </div>
  );
}

function Fact(props: { term: string; value?: ReactNode; hint?: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-fg-2 text-xs">{props.term}</dt>
      {props.value !== undefined && <dd className="num font-semibold text-xl">{props.value}</dd>}
      {props.hint !== undefined && <dd className="num text-fg-2 text-sm">{props.hint}</dd>}
    </div>
  );
}

/** What there is to do something about. */
function Verdict(props: { budget: string; spent: string; forecast: MonthView["forecast"] }) {
  const { t, i18n } = useTranslation("dashboard");
  const { budget, spent, forecast } = props;
  const standing = standingOf(spent, forecast, budget);
  if (standing === "passed") {
    const by = formatUsd(usdOf(nanoOf(spent) - nanoOf(budget)), i18n.language);
    return <Notice tone="err">{t("month.passed", { by })}</Notice>;
  }
  if (standing === "within" || !forecast) return null;
  const by = formatUsd((forecast.middle - Number(budget)).toFixed(9), i18n.language);
  return <Notice tone="warn">{t("month.will_pass", { by })}</Notice>;
}
