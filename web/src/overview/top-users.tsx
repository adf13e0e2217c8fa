import { useTranslation } from "react-i18next";

import type { Overview } from "@/api/types";
import { BarList } from "@/chart/bar-list";
import { Money } from "@/components/value/money";
import { useTimeZone } from "@/components/value/time-zone";
import { Tokens } from "@/components/value/tokens";
import { todayUntil } from "@/dashboard/queries";
import { printRange } from "@/filter/range";
import { Section } from "@/shell/page";
import { only, useCallsLink } from "@/usage/calls-link";

/** Who used most today; each leads to their calls. */
export function TopUsers({ users, at }: { users: Overview["top_users"]; at: number }) {
  const { t } = useTranslation("admin");
  const calls = useCallsLink("all");
  const day = printRange(todayUntil(at, useTimeZone()));
  const isPriced = users.some(({ cost_usd }) => Number(cost_usd) > 0);
  return (
    <Section title={t("top_users.title")}>
      {users.length === 0 ? (
        <p className="text-fg-2">{t("top_users.none")}</p>
      ) : (
        <BarList
          label={t("top_users.title")}
          isPrivate
          bars={users.map(({ key, label, cost_usd, calls: count }) => {
            const link = calls({ f: only("user", key), t: day });
            return {
              key,
              label,
              value: isPriced ? Number(cost_usd) : count,
              text: isPriced ? <Money usd={cost_usd} /> : <Tokens count={count} />,
              ...(isPriced && { hint: t("top_users.calls", { count }) }),
              ...(link && { link }),
            };
          })}
        />
      )}
    </Section>
  );
}
