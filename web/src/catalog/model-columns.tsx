import { Pin } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { CopyButton } from "@/components/ui/copy-button";
import { StatusBadge } from "@/components/ui/status-badge";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { Time } from "@/components/value/time-ago";
import { useTimeZone } from "@/components/value/time-zone";
import { Tokens } from "@/components/value/tokens";
import { isEnabled } from "@/config/objects";
import { compareUsd } from "@/format/money";
import { formatAgo, formatDay, formatTimeInFull } from "@/format/time";
import { type Column, timeWidth } from "@/table/column";
import { healthyOf, type ModelRow } from "./model";
import type { PriceField } from "./price";
import { termsDraftOf } from "./terms";
import { useTermsText } from "./terms-text";

export function useCatalogColumns(): readonly Column<ModelRow>[] {
  const { t } = useTranslation(["catalog", "channels"]);
  return useMemo((): readonly Column<ModelRow>[] => {
    const price = (
      id:
        | "input_usd"
        | "output_usd"
        | "cache_read_usd"
        | "cache_write_5m_usd"
        | "cache_write_1h_usd",
      more: Partial<Column<ModelRow>> = {},
    ): Column<ModelRow> => {
      const field: PriceField = `${id}_per_1m`;
      const isCache = id.startsWith("cache");
      return {
        id,
        header: t(`catalog:column.${id}`),
        help: t("catalog:per_million"),
        cell: (model) => (
          <Money
            usd={model[field]}
            missing={
              isCache && model.input_usd_per_1m !== undefined
                ? t("catalog:as_input")
                : t("catalog:no_price")
            }
          />
        ),
        text: (model) => model[field] ?? "",
        width: isCache ? 105 : 90,
        align: "end",
        ...(!isCache && { sort: "desc" as const }),
        ...more,
      };
    };
    return [
      {
        id: "name",
        header: t("catalog:column.name"),
        cell: ({ name }) => (
          <span className="inline-flex max-w-full items-center gap-1">
            <code data-raw="" className="truncate font-mono text-sm">
              {name}
            </code>
            <CopyButton text={name} what={name} iconOnly />
          </span>
        ),
        text: ({ name }) => name,
        width: 185,
        grows: true,
        sort: "asc",
        card: "title",
      },
      {
        id: "owner",
        header: t("catalog:column.owner"),
        cell: ({ owner }) =>
          owner ? <bdi data-raw="">{owner}</bdi> : <Missing reason={t("catalog:no_owner")} />,
        text: ({ owner }) => owner ?? "",
        width: 95,
        sort: "asc",
      },
      {
        id: "channels",
        header: t("catalog:column.served"),
        help: t("catalog:column.served_help"),
        cell: (model) => <Served model={model} />,
        text: ({ channels }) =>
          channels
            .map(({ channel, state }) => `${channel}: ${t(`channels:state.${state}`)}`)
            .join(", "),
        width: 120,
        sort: "asc",
        card: "badge",
      },
      price("input_usd", { card: "figure" }),
      price("output_usd", { card: "figure" }),
      price("cache_read_usd"),
      price("cache_write_5m_usd"),
      price("cache_write_1h_usd", { hidden: true }),
      {
        id: "terms",
        header: t("catalog:terms.title"),
        cell: (model) => <Terms model={model} />,
        text: ({ price_terms = {} }) => JSON.stringify(price_terms),
        width: 220,
        hidden: true,
      },
      {
        id: "priced_at",
        header: t("catalog:column.source"),
        help: t("catalog:column.source_help"),
        cell: (model) => <Source model={model} />,
        text: ({ priced, price_pinned: isPinned }) =>
          [
            priced && `${t(`catalog:source.${priced.source}`)} ${priced.at}`,
            isPinned && t("catalog:field.pinned"),
          ]
            .filter(Boolean)
            .join(", "),
        width: 185,
        sort: "desc",
      },
      {
        id: "spend",
        header: t("catalog:column.spend"),
        help: t("catalog:column.spend_help"),
        cell: (model) => <Spend model={model} />,
        text: ({ last_30d }) => last_30d.cost_usd,
        width: 115,
        align: "end",
        sort: "desc",
      },
      {
        id: "calls",
        header: t("catalog:column.calls"),
        cell: ({ last_30d }) => <Tokens count={last_30d.calls} />,
        text: ({ last_30d }) => String(last_30d.calls),
        width: 110,
        align: "end",
        sort: "desc",
        hidden: true,
      },
      {
        id: "updated_at",
        header: t("catalog:column.updated"),
        cell: ({ updated_at }) => <Time time={updated_at} />,
        text: ({ updated_at }) => updated_at,
        width: timeWidth,
        sort: "desc",
        hidden: true,
      },
    ];
  }, [t]);
}

/** How many of its channels answer; a model that is switched off is served by none. */
function Served({ model }: { model: ModelRow }) {
  const { t } = useTranslation("catalog");
  const all = model.channels.length;
  if (!isEnabled(model)) return <StatusBadge status="disabled" word={t("off")} />;
  if (all === 0) return <StatusBadge status="unknown" word={t("no_channel")} />;
  const healthy = healthyOf(model);
  const status = healthy === 0 ? "down" : healthy < all ? "degraded" : "ok";
  return (
    <span title={t("served", { count: all, healthy })}>
      <StatusBadge
        status={status}
        word={<span className="num">{t("of", { healthy, count: all })}</span>}
      />
    </span>
  );
}

/** What of its price few models have, in short. */
function Terms({ model }: { model: ModelRow }) {
  const { t } = useTranslation("catalog");
  const words = useTermsText();
  const said = words(termsDraftOf(model.price_terms)).filter(({ text }) => text !== "");
  if (said.length === 0) return <Missing reason={t("no_terms")} />;
  return said.map(({ label, text }) => `${label}: ${text}`).join("; ");
}

/** What calls cost; nothing of none, and nothing of calls that had no price. */
function Spend({ model }: { model: ModelRow }) {
  const { t } = useTranslation("catalog");
  const { calls, cost_usd } = model.last_30d;
  if (calls === 0) return <Missing reason={t("unused")} />;
  if (compareUsd(cost_usd, "0") === 0 && model.input_usd_per_1m === undefined) {
    return <Missing reason={t("no_price")} />;
  }
  return <Money usd={cost_usd} />;
}

/** Who gave the price, and how long ago within a day, else on which day. */
function Source({ model }: { model: ModelRow }) {
  const { t, i18n } = useTranslation("catalog");
  const zone = useTimeZone();
  const { priced } = model;
  const pin = model.price_pinned === true && (
    <span title={t("pinned")}>
      <Pin aria-hidden="true" className="ml-1 inline-block size-3.5 stroke-[1.5] text-fg-3" />
      <span className="sr-only">{t("pinned")}</span>
    </span>
  );
  if (!priced) {
    const reason = model.input_usd_per_1m === undefined ? t("no_price") : t("no_source");
    return (
      <span>
        <Missing reason={reason} />
        {pin}
      </span>
    );
  }
  return (
    <span>
      {t(`source.${priced.source}`)}
      {pin}
      <span className="text-fg-2">
        {" · "}
        <time dateTime={priced.at} title={formatTimeInFull(priced.at, i18n.language, zone)}>
          {formatAgo(priced.at, Date.now(), i18n.language) ??
            formatDay(priced.at, i18n.language, zone)}
        </time>
      </span>
    </span>
  );
}
