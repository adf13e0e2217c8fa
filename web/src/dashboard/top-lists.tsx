import { useTranslation } from "react-i18next";

import type { Dashboard, PartSums } from "@/api/types";
import { BarList } from "@/chart/bar-list";
import { Money } from "@/components/value/money";
import { Tokens } from "@/components/value/tokens";
import { Section } from "@/shell/page";
import { only, useCallsLink } from "@/usage/calls-link";
import type { DashboardSpan } from "./queries";

/** What most was spent on. Each bar leads to its calls. */
export function TopLists({ dashboard, span }: { dashboard: Dashboard; span: DashboardSpan }) {
  const { t } = useTranslation("dashboard");
  return (
    <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-3">
      <TopList title={t("top.models")} field="model" parts={dashboard.top_models} span={span} />
      <TopList title={t("top.keys")} field="api_key" parts={dashboard.top_keys} span={span} />
      <TopList title={t("top.clients")} field="client" parts={dashboard.top_clients} span={span} />
    </div>
  );
}

function TopList(props: {
  title: string;
  field: "model" | "api_key" | "client";
  parts: readonly PartSums[];
  span: DashboardSpan;
}) {
  const { t } = useTranslation("dashboard");
  const { title, field, parts, span } = props;
  const calls = useCallsLink("mine");
  return (
    <Section title={title}>
      <BarList
        label={title}
        bars={barsOf(parts, t("top.unknown"), link)}
        first={5}
        isPrivate={field === "api_key"}
      />
    </Section>
  );
  function link(key: string) {
    return calls({ f: only(field, key), t: span });
  }
}

/** Bars by cost; by calls where nothing has a price. */
function barsOf(
  parts: readonly PartSums[],
  unknown: string,
  linkOf: (key: string) => ReturnType<ReturnType<typeof useCallsLink>>,
) {
  const isPriced = parts.some(({ cost_usd }) => Number(cost_usd) > 0);
  const ranked = isPriced ? parts : [...parts].sort((left, right) => right.calls - left.calls);
  return ranked.map(({ key, label, calls, cost_usd }) => {
    const link = linkOf(key);
    return {
      key,
      label: label === "_none" ? unknown : label,
      value: isPriced ? Number(cost_usd) : calls,
      text: isPriced ? <Money usd={cost_usd} /> : <Tokens count={calls} />,
      ...(isPriced && { hint: <Tokens count={calls} /> }),
      ...(link && { link }),
    };
  });
}
