import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { TokenView } from "@/api/types";
import { plain } from "@/channel-groups/multiplier";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { TimeAgo } from "@/components/value/time-ago";
import { Tokens } from "@/components/value/tokens";
import { useMostText } from "@/limits/use-most-text";
import type { Column } from "@/table/column";
import { KeyEnd, KeyName } from "./key-cells";
import { TokenStatus } from "./token-status";
import { useRulesText, useSpanText } from "./use-rules-text";

export function useTokenColumns(): readonly Column<TokenView>[] {
  const { t } = useTranslation("tokens");
  const { t: limits } = useTranslation("limits");
  const [limitsWord, noLimits] = [limits("title"), limits("none")];
  const [rulesText, spanText, mostText] = [useRulesText(), useSpanText(), useMostText()];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words change with the language only
  return useMemo(
    (): readonly Column<TokenView>[] => [
      {
        id: "name",
        isPrivate: true,
        header: t("column.name"),
        cell: ({ name, rules }) => <KeyName name={name} rules={rules} />,
        text: ({ name }) => name,
        width: 200,
        grows: true,
        sort: "asc",
        card: "title",
      },
      {
        id: "hint",
        isPrivate: true,
        header: t("column.key"),
        cell: ({ hint }) => <code className="font-mono text-sm">{`sk_…${hint}`}</code>,
        text: ({ hint }) => `sk_…${hint}`,
        width: 110,
      },
      {
        id: "status",
        header: t("column.status"),
        cell: (token) => <TokenStatus token={token} />,
        text: ({ status }) => status,
        width: 110,
        card: "badge",
      },
      {
        id: "ends_at",
        header: t("column.ends"),
        help: t("column.ends_help"),
        cell: ({ rules, ends_at }) => <KeyEnd rules={rules} endsAt={ends_at} />,
        text: ({ ends_at, rules }) => ends_at ?? spanText(rules) ?? "",
        width: 160,
      },
      {
        id: "today",
        header: t("column.today"),
        cell: ({ usage_today }) => <Money usd={usage_today?.cost_usd} missing={t("no_calls")} />,
        text: ({ usage_today }) => usage_today?.cost_usd ?? "",
        width: 110,
        align: "end",
        card: "figure",
      },
      {
        id: "month",
        header: t("column.month"),
        cell: ({ usage_30d }) => <Money usd={usage_30d?.cost_usd} missing={t("no_calls")} />,
        text: ({ usage_30d }) => usage_30d?.cost_usd ?? "",
        width: 110,
        align: "end",
        card: "figure",
      },
      {
        id: "last_used_at",
        header: t("column.last_used"),
        cell: ({ last_used_at }) => <TimeAgo time={last_used_at} missing={t("never_used")} />,
        text: ({ last_used_at }) => last_used_at ?? "",
        width: 130,
        sort: "desc",
      },
      {
        id: "calls",
        header: t("column.calls"),
        cell: ({ usage_30d }) => <Tokens count={usage_30d?.calls} missing={t("no_calls")} />,
        text: ({ usage_30d }) => String(usage_30d?.calls ?? ""),
        width: 110,
        align: "end",
      },
      {
        id: "groups",
        header: t("column.groups"),
        help: t("column.groups_help"),
        cell: ({ channel_groups }) =>
          channel_groups.length === 0 ? (
            <span className="text-fg-2">{t("all_groups_short")}</span>
          ) : (
            <bdi data-raw="">{channel_groups.join(" → ")}</bdi>
          ),
        text: ({ channel_groups }) =>
          channel_groups.length === 0 ? t("all_groups_short") : channel_groups.join(" → "),
        width: 150,
      },
      {
        id: "rules",
        header: t("rules.title"),
        cell: ({ rules }) => <bdi data-raw="">{rulesText(rules) || t("rules.everything")}</bdi>,
        text: ({ rules }) => rulesText(rules) || t("rules.everything"),
        width: 200,
        hidden: true,
      },
      {
        id: "limits",
        header: limitsWord,
        cell: (key) => mostText(key) || <Missing reason={noLimits} />,
        text: mostText,
        width: 200,
        hidden: true,
      },
      {
        id: "multiplier",
        header: t("column.multiplier"),
        help: t("column.multiplier_help"),
        cell: ({ multiplier }) => <span className="num">{`×${plain(multiplier)}`}</span>,
        text: ({ multiplier }) => plain(multiplier),
        width: 110,
        align: "end",
        hidden: true,
      },
      {
        id: "created_at",
        header: t("column.created"),
        cell: ({ created_at }) => <TimeAgo time={created_at} />,
        text: ({ created_at }) => created_at,
        width: 160,
        sort: "desc",
      },
    ],
    [t],
  );
}
