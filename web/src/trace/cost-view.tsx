import type { Trace } from "@/api/types";
import { Notice } from "@/components/ui/notice";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { formatUsdInFull } from "@/format/money";
import { formatExact } from "@/format/number";
import { costTable, plainDecimal } from "./cost";
import { Section } from "./section";
import { type StaticRow, StaticTable } from "./static-table";
import { useReader } from "./use-reader";

/** Count, price, multiplier and cost of each kind of token; the lines add up to the whole. */
export function CostView({ trace }: { trace: Trace }) {
  const { t, language } = useReader();
  const table = costTable(trace);
  const { call, price } = trace;
  if (table.state === "nothing") {
    return (
      <Section title={t("section.cost")}>
        <p className="text-fg-2">{t("cost.none")}</p>
      </Section>
    );
  }
  const rows: StaticRow[] = table.rows.map(({ bucket, tokens, priced }) => ({
    id: bucket,
    cells: [
      <div key="bucket" className="whitespace-nowrap">
        {t(`cost.${bucket}`)}
        {bucket === "output" && call.usage.reasoning > 0 && (
          <div className="text-fg-2 text-xs">
            {t("cost.of_it_reasoning", { tokens: formatExact(call.usage.reasoning, language) })}
          </div>
        )}
      </div>,
      formatExact(tokens, language),
      priced?.price_usd ?? <Missing key="price" />,
      priced ? plainDecimal(priced.multiplier) : <Missing key="multiplier" />,
      <Money key="cost" usd={priced?.cost_usd} />,
    ],
  }));
  if (table.total !== undefined) {
    const total = <Money key="total" usd={table.total} />;
    rows.push({ id: "total", isStrong: true, cells: [t("cost.total"), "", "", "", total] });
  }
  return (
    <Section title={t("section.cost")}>
      <StaticTable
        label={t("section.cost")}
        columns={[
          { name: t("cost.bucket") },
          { name: t("cost.count"), isNumber: true },
          { name: t("cost.price"), isNumber: true },
          { name: t("cost.multiplier"), isNumber: true },
          { name: t("cost.cost"), isNumber: true },
        ]}
        rows={rows}
      />
      {table.state === "no_price" && (
        <Notice tone="warn">{t("cost.no_price", { model: call.model })}</Notice>
      )}
      {table.recorded !== undefined && table.total !== undefined && (
        <Notice tone="warn">
          {t("cost.mismatch", {
            sum: formatUsdInFull(table.total, language),
            recorded: formatUsdInFull(table.recorded, language),
          })}
        </Notice>
      )}
      {call.certainty === "estimated" && <Notice tone="info">{t("cost.estimated")}</Notice>}
      {table.state === "priced" && (
        <p className="text-fg-2 text-sm">
          {t("cost.formula")}
          {price && price.group_path.length > 0 && (
            <>
              {" "}
              {t("cost.path", {
                multiplier: plainDecimal(price.multiplier),
                path: price.group_path
                  .map((part) =>
                    t("cost.path_part", {
                      group: part.name,
                      multiplier: plainDecimal(part.multiplier),
                    }),
                  )
                  .join(" · "),
              })}
            </>
          )}
          {price?.lane &&
            ` ${t("cost.lane", {
              lane: price.lane.name,
              multiplier: plainDecimal(price.lane.multiplier),
            })}`}
          {price?.above_tokens !== undefined &&
            ` ${t("cost.above", { tokens: formatExact(price.above_tokens, language) })}`}
          {price !== undefined &&
            price.version > 0 &&
            ` ${t("cost.version", { version: String(price.version) })}`}
        </p>
      )}
    </Section>
  );
}
