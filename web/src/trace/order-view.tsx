import type { Considered } from "@/api/types";
import { Duration } from "@/components/value/duration";
import { formatExact, formatShare } from "@/format/number";
import { Marks } from "./marks";
import { StaticTable } from "./static-table";
import { useReader } from "./use-reader";
import { channelWord } from "./words";

/** Who is left, in the order to be tried, with what decided it. */
export function OrderView({ order }: { order: readonly Considered[] }) {
  const reader = useReader();
  const { t, language } = reader;
  if (order.length === 0) return null;
  return (
    <div className="space-y-2">
      <h3 className="font-medium">{t("funnel.order")}</h3>
      <StaticTable
        label={t("funnel.order")}
        columns={[
          { name: t("funnel.place"), isNumber: true },
          { name: t("funnel.channel") },
          { name: t("funnel.group") },
          { name: t("funnel.model") },
          { name: t("funnel.priority"), isNumber: true },
          { name: t("funnel.weight"), isNumber: true },
          { name: t("funnel.probability"), isNumber: true },
          { name: t("funnel.in_flight"), isNumber: true },
          { name: t("funnel.latency"), isNumber: true },
        ]}
        rows={order.map((one) => ({
          id: keyOf(one),
          cells: [
            one.place === undefined ? "–" : one.place + 1,
            <div key="channel" className="space-y-0.5 whitespace-nowrap font-medium">
              <div>{[channelWord(reader, one), one.credential].filter(Boolean).join(" · ")}</div>
              <div className="flex gap-1 empty:hidden">
                <Marks of={one} />
              </div>
            </div>,
            one.channel_group,
            <span key="model" className="whitespace-nowrap font-mono">
              {one.upstream_model ?? "–"}
            </span>,
            one.priority,
            one.weight,
            one.probability === undefined ? (
              "–"
            ) : (
              <Chance key="chance" share={one.probability} language={language} />
            ),
            formatExact(one.in_flight, language),
            <Duration
              key="latency"
              us={one.latency_ms === undefined ? undefined : one.latency_ms * 1_000}
              missing={t("funnel.no_latency")}
            />,
          ],
        }))}
      />
    </div>
  );
}

/** What tells candidates apart. */
export const keyOf = (one: Considered) =>
  [one.label, one.channel_group, one.endpoint, one.credential, one.upstream_model].join(" ");

function Chance({ share, language }: { share: number; language: string }) {
  return (
    <span className="inline-flex items-center gap-2">
      <svg aria-hidden="true" viewBox="0 0 40 6" className="h-1.5 w-10">
        <rect width="40" height="6" rx="1" className="fill-(--surface-3)" />
        <rect width={40 * share} height="6" rx="1" className="fill-(--chart-1)" />
      </svg>
      <span className="w-12">{formatShare(share, language)}</span>
    </span>
  );
}
