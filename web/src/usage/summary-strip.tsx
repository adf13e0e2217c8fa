import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { UsageSummary } from "@/api/types";
import { Numbers } from "@/chart/numbers";
import { Duration } from "@/components/value/duration";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { Tokens } from "@/components/value/tokens";
import { changed } from "@/filter/list-state";
import { formatShare } from "@/format/number";

/** The key figures of the calls that are meant, each against the stretch before. */
export function SummaryStrip({ summary }: { summary: UsageSummary | undefined }) {
  const { t, i18n } = useTranslation("usage");
  const { sums, previous } = summary ?? {};
  const share = (value: number | undefined) =>
    value === undefined ? <Missing /> : formatShare(value, i18n.language);
  const change = (now: number, before: number | undefined, better?: "up" | "down") =>
    before === undefined
      ? {}
      : { change: { now, before, than: t("before"), ...(better && { better }) } };
  return (
    <Numbers
      label={t("summary")}
      cells={[
        {
          key: "calls",
          label: t("sum.calls"),
          value: sums && <Tokens count={sums.calls} />,
          ...(sums && change(sums.calls, previous?.calls)),
        },
        {
          key: "cost",
          label: t("sum.cost"),
          value: sums && <Money usd={sums.cost_usd} />,
          ...(sums && change(Number(sums.cost_usd), previous && Number(previous.cost_usd))),
        },
        {
          key: "errors",
          label: t("sum.errors"),
          value: summary && share(summary.error_share),
          hint: sums && t("sum.errors_count", { count: sums.errors }),
          link: <Filtered f="outcome:refused,rejected,failed,broken" />,
        },
        {
          key: "first_event",
          label: t("sum.first_event"),
          value: summary && <Duration us={summary.p50_first_event_us} />,
          hint: summary?.p95_first_event_us !== undefined && (
            <>
              {"P95 "}
              <Duration us={summary.p95_first_event_us} />
            </>
          ),
        },
        {
          key: "cache",
          label: t("sum.cache"),
          value: summary && share(summary.cache_hit_share),
          hint: sums && (
            <>
              {t("sum.cache_saved")} <Money usd={sums.cache_saved_usd} />
            </>
          ),
        },
        {
          key: "tokens",
          label: t("sum.tokens"),
          value: sums && (
            <Tokens count={sums.input_tokens + sums.cache_read_tokens + sums.cache_write_tokens} />
          ),
          hint: sums && (
            <>
              {t("sum.output")} <Tokens count={sums.output_tokens} />
            </>
          ),
        },
      ]}
    />
  );
}

/** To the calls that make the number: this page, narrowed. */
function Filtered({ f, ...rest }: { f: string; className?: string }) {
  return (
    <Link
      to="."
      search={((now: Record<string, unknown>) => changed(now, { f, at: undefined })) as never}
      {...rest}
    />
  );
}
