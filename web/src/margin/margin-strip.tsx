import { useTranslation } from "react-i18next";

import type { Margin } from "@/api/types";
import { Numbers } from "@/chart/numbers";
import { Money } from "@/components/value/money";
import { Tokens } from "@/components/value/tokens";
import { Earned, EarnedShare, UpstreamCost } from "./earned";

/** All calls of the range: what was charged, what vendors are paid, what is left, and what nobody knows of. */
export function MarginStrip({ total }: { total: Margin | undefined }) {
  const { t } = useTranslation("margin");
  return (
    <Numbers
      label={t("total")}
      cells={[
        {
          key: "revenue",
          label: t("column.revenue"),
          value: total && <Money usd={total.revenue_usd} />,
          hint: total && t("calls", { count: total.calls }),
        },
        {
          key: "upstream_cost",
          label: t("column.upstream_cost"),
          value: total && <UpstreamCost of={total} />,
        },
        {
          key: "margin",
          label: t("column.margin"),
          value: total && <Earned of={total} />,
        },
        { key: "share", label: t("column.share"), value: total && <EarnedShare of={total} /> },
        {
          key: "uncosted",
          label: t("column.uncosted"),
          value: total && <Tokens count={total.uncosted_calls} />,
          hint: total && (
            <>
              {t("charged")} <Money usd={total.uncosted_revenue_usd} />
            </>
          ),
        },
      ]}
    />
  );
}
