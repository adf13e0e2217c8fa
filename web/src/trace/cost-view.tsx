import type { Trace } from "@/api/types";
import { Notice } from "@/components/ui/notice";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { formatUsdInFull } from "@/format/money";
import { formatExact } from "@/format/number";
import { ChargeView } from "./charge-view";
import { type CostRow, type CostTable, costTable, isPiece, plainDecimal } from "./cost";
import { Section } from "./section";
import { type StaticRow, StaticTable } from "./static-table";
import { useReader } from "./use-reader";

/** Count, price, multiplier and cost of each kind of token; the lines add up to the whole. */
export function CostView({ trace }: { trace: Trace }) {
  const { t, language } = useReader();
  const table = costTable(trace);
  const rows = useRows(table, trace);
  const { call } = trace;
  if (table.state === "nothing") {
    return (
      <Section title={t("section.cost")}>
        <p className="text-fg-2">{t("cost.none")}</p>
        {call.billing !== undefined && call.billing !== "free" && (
          <ChargeView trace={trace} state={table.state} />
        )}
      </Section>
    );
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
      <ChargeView trace={trace} state={table.state} />
    </Section>
  );
}

function useRows(table: CostTable, { call }: Trace): StaticRow[] {
  const { t, language } = useReader();
  const { reasoning } = call.usage;
  // Where reasoning has a line of its own it is not counted in that of output.
  const isApart = table.rows.some(({ bucket }) => bucket === "reasoning");
  const rows: StaticRow[] = table.rows.map(({ bucket, tokens, priced }) => ({
    id: bucket,
    cells: [
      <div key="bucket" className="whitespace-nowrap">
        {t(`cost.${bucket}`)}
        {bucket === "output" && reasoning > 0 && !isApart && (
          <div className="text-fg-2 text-xs">
            {t("cost.of_it_reasoning", { tokens: formatExact(reasoning, language) })}
          </div>
        )}
      </div>,
      formatExact(tokens, language),
      <Price key="price" bucket={bucket} usd={priced?.price_usd} />,
      priced ? plainDecimal(priced.multiplier) : <Missing key="multiplier" />,
      <Money key="cost" usd={priced?.cost_usd} />,
    ],
  }));
  if (table.total !== undefined) {
    const total = <Money key="total" usd={table.total} />;
    rows.push({ id: "total", isStrong: true, cells: [t("cost.total"), "", "", "", total] });
  }
  return rows;
}

/** For a million tokens, as the column says, or for one piece. */
function Price({ bucket, usd }: { bucket: CostRow["bucket"]; usd: string | undefined }) {
  const { t } = useReader();
  if (usd === undefined) return <Missing />;
  return isPiece(bucket) ? t("cost.each", { price: usd }) : usd;
}
