import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { ErrorRuleView } from "@/api/types";
import { StatusBadge } from "@/components/ui/status-badge";
import { Time } from "@/components/value/time-ago";
import { isEnabled } from "@/config/objects";
import { type Column, timeWidth } from "@/table/column";
import { useRuleLines } from "./use-rule-text";

export function useRuleColumns(): readonly Column<ErrorRuleView>[] {
  const { t } = useTranslation(["error_rules", "common"]);
  const lines = useRuleLines();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the lines change with the language only, as `t` does
  return useMemo((): readonly Column<ErrorRuleView>[] => {
    const state = (rule: ErrorRuleView) => t(isEnabled(rule) ? "common:on" : "common:off");
    return [
      {
        id: "priority",
        header: t("error_rules:column.priority"),
        help: t("error_rules:column.priority_help"),
        cell: ({ priority = 0 }) => priority,
        text: ({ priority = 0 }) => String(priority),
        width: 90,
        align: "end",
        card: "figure",
      },
      {
        id: "name",
        header: t("error_rules:column.name"),
        cell: ({ name }) => <span data-raw="">{name}</span>,
        text: ({ name }) => name,
        width: 180,
        card: "title",
      },
      {
        id: "match",
        header: t("error_rules:column.match"),
        cell: (rule) => <span data-raw="">{lines(rule).match}</span>,
        text: (rule) => lines(rule).match,
        width: 300,
        grows: true,
      },
      {
        id: "act",
        header: t("error_rules:column.act"),
        cell: (rule) => <span data-raw="">{lines(rule).act}</span>,
        text: (rule) => lines(rule).act,
        width: 300,
      },
      {
        id: "enabled",
        header: t("error_rules:column.enabled"),
        cell: (rule) => (
          <StatusBadge status={isEnabled(rule) ? "ok" : "disabled"} word={state(rule)} />
        ),
        text: state,
        width: 100,
        card: "badge",
      },
      {
        id: "updated_at",
        header: t("error_rules:column.updated"),
        cell: ({ updated_at }) => <Time time={updated_at} />,
        text: ({ updated_at }) => updated_at,
        width: timeWidth,
        hidden: true,
      },
    ];
  }, [t]);
}
