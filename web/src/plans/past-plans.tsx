import { useTranslation } from "react-i18next";

import type { SubscriptionView } from "@/api/types";
import { Time } from "@/components/value/time-ago";
import { Advanced } from "@/form/advanced";
import { StaticTable } from "@/trace/static-table";
import { HeldState } from "./held-state";

/** What is over, folded away. */
export function PastPlans({ past }: { past: readonly SubscriptionView[] }) {
  const { t } = useTranslation("plans");
  if (past.length === 0) return null;
  return (
    <Advanced label={t("past.title")} note={past.length}>
      <StaticTable
        label={t("past.title")}
        columns={[
          { name: t("column.name") },
          { name: t("past.state") },
          { name: t("past.from") },
          { name: t("past.until") },
        ]}
        rows={past.map(({ id, plan, state, starts_at, ends_at }) => ({
          id,
          cells: [
            <bdi key="name" data-raw="">
              {plan ?? t("gone")}
            </bdi>,
            <HeldState key="state" state={state} />,
            <Time key="from" time={starts_at} />,
            <Time key="until" time={ends_at} />,
          ],
        }))}
      />
    </Advanced>
  );
}
