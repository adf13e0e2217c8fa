import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Price, PriceVersion } from "@/api/types";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Missing } from "@/components/value/missing";
import { Time } from "@/components/value/time-ago";
import { formatUsdInFull } from "@/format/money";
import { StaticTable } from "@/trace/static-table";
import { priceVersionsQuery } from "./queries";
import { termsDraftOf } from "./terms";
import { useTermsText } from "./terms-text";

/** The server tells of so many versions and of no more. */
const mostVersions = 200;

/** The prices that a model had, asked for when somebody wants them. */
export function PriceHistory({ name }: { name: string }) {
  const { t } = useTranslation("catalog");
  const [isAsked, setIsAsked] = useState(false);
  const { data, error, refetch, isFetching } = useQuery({
    ...priceVersionsQuery(name),
    enabled: isAsked,
  });
  return (
    <section aria-label={t("history.title")} className="space-y-2">
      <h3 className="font-semibold">{t("history.title")}</h3>
      <p className="text-fg-2 text-sm">{t("history.about")}</p>
      {data ? (
        <Versions versions={data.items} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : isAsked ? (
        <Skeleton className="h-24 w-full" />
      ) : (
        <Button loading={isFetching} onClick={() => setIsAsked(true)}>
          {t("history.show")}
        </Button>
      )}
    </section>
  );
}

function Versions({ versions }: { versions: readonly PriceVersion[] }) {
  const { t } = useTranslation("catalog");
  const cellsOf = usePriceCells();
  if (versions.length === 0) return <p className="text-fg-2">{t("history.none")}</p>;
  return (
    <>
      <StaticTable
        label={t("history.title")}
        columns={[
          { name: t("history.version"), isNumber: true },
          { name: t("history.since") },
          { name: t("column.input_usd"), isNumber: true },
          { name: t("column.output_usd"), isNumber: true },
          { name: t("column.cache_read_usd"), isNumber: true },
          { name: t("history.write"), isNumber: true },
          { name: t("terms.title") },
        ]}
        rows={versions.map((version) => ({
          id: String(version.version),
          cells: [
            version.version,
            <div key="since">
              <Time time={version.since} />
              <div className="text-fg-2 text-xs">{t(`source.${version.source}`)}</div>
            </div>,
            ...cellsOf(version),
          ],
        }))}
      />
      {versions.length >= mostVersions && (
        <p className="text-fg-2 text-sm">{t("history.cut", { count: versions.length })}</p>
      )}
    </>
  );
}

/** The prices of a version, and in words what few have. */
function usePriceCells(): (version: PriceVersion) => ReactNode[] {
  const { t, i18n } = useTranslation("catalog");
  const cell = (key: string, usd: string | undefined, reason: string) =>
    usd === undefined ? (
      <Missing key={key} reason={reason} />
    ) : (
      <span key={key}>{formatUsdInFull(usd, i18n.language)}</span>
    );
  return ({ price }) => {
    if (!price) {
      const cells = ["input", "output", "read", "write", "terms"];
      return cells.map((key) => cell(key, undefined, t("history.taken")));
    }
    const { cache_write_5m_usd: short, cache_write_1h_usd: long } = price;
    return [
      cell("input", price.input_usd, ""),
      cell("output", price.output_usd, ""),
      cell("read", price.cache_read_usd, t("as_input")),
      <span key="write">
        {cell("short", short, t("as_input"))}
        {" / "}
        {cell("long", long, t(short === undefined ? "as_input" : "as_write_5m"))}
      </span>,
      <Terms key="terms" price={price} />,
    ];
  };
}

function Terms({ price }: { price: Price }) {
  const { t } = useTranslation("catalog");
  const words = useTermsText();
  const said = words(termsDraftOf(price.terms)).filter(({ text }) => text !== "");
  if (said.length === 0) return <Missing reason={t("no_terms")} />;
  return (
    <ul className="min-w-32">
      {said.map(({ label, text }) => (
        <li key={label}>
          <span className="text-fg-2">{label}</span> <bdi data-raw="">{text}</bdi>
        </li>
      ))}
    </ul>
  );
}
