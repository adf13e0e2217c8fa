import { useTranslation } from "react-i18next";

import type { PublicKey, UsageSums } from "@/api/types";
import { Numbers } from "@/chart/numbers";
import { Money } from "@/components/value/money";
import { Tokens } from "@/components/value/tokens";

const tokensOf = (sums: UsageSums) =>
  sums.input_tokens + sums.cache_read_tokens + sums.cache_write_tokens + sums.output_tokens;

/** What was used with a key: today, and within 30 days. */
export function KeyUsage({ standing }: { standing: PublicKey }) {
  const { t } = useTranslation("public");
  const [today, month] = [standing.usage_today, standing.usage_30d];
  const failed = ({ errors }: UsageSums) => t("key.failed", { count: errors });
  return (
    <Numbers
      label={t("key.usage")}
      cells={[
        {
          key: "calls_today",
          label: t("key.calls_today"),
          value: <Tokens count={today.calls} />,
          hint: failed(today),
        },
        { key: "cost_today", label: t("key.cost_today"), value: <Money usd={today.cost_usd} /> },
        {
          key: "calls_month",
          label: t("key.calls_month"),
          value: <Tokens count={month.calls} />,
          hint: failed(month),
        },
        { key: "cost_month", label: t("key.cost_month"), value: <Money usd={month.cost_usd} /> },
        {
          key: "tokens_month",
          label: t("key.tokens_month"),
          value: <Tokens count={tokensOf(month)} />,
        },
      ]}
    />
  );
}
