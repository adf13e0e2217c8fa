import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { ChannelKind } from "@/api/types";
import { Strip } from "@/chart/strip";
import { Badge } from "@/components/ui/badge";
import { Duration } from "@/components/value/duration";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { Time } from "@/components/value/time-ago";
import { Tokens } from "@/components/value/tokens";
import { formatShare } from "@/format/number";
import { useMay } from "@/session/use-me";
import { type Column, timeWidth } from "@/table/column";
import { bindingsOf, type ChannelRow, hostOf } from "./channel";
import { ChannelState, useReason } from "./channel-state";
import { OrderCell } from "./order-cell";

export function useChannelColumns(): readonly Column<ChannelRow>[] {
  const { t, i18n } = useTranslation("channels");
  const reasonOf = useReason();
  const mayWrite = useMay("channels.write");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words for reasons change with the language only
  return useMemo(
    (): readonly Column<ChannelRow>[] => [
      {
        id: "name",
        isPrivate: true,
        header: t("column.name"),
        cell: ({ channel }) => (
          <span className="flex min-w-0 items-center gap-2">
            <bdi data-raw="" className="truncate">
              {channel.name}
            </bdi>
            <KindBadge kind={channel.kind} className="max-md:hidden" />
            {channel.promoted && (
              <Badge tone="info" className="shrink-0">
                {t("routing.promoted")}
              </Badge>
            )}
          </span>
        ),
        text: ({ channel }) => channel.name,
        width: 210,
        grows: true,
        sort: "asc",
        card: "title",
      },
      {
        id: "state",
        header: t("column.state"),
        cell: ({ status }) => <ChannelState status={status} brief />,
        text: ({ status }) =>
          status ? [t(`state.${status.state}`), reasonOf(status)].filter(Boolean).join(": ") : "",
        width: 200,
        card: "badge",
      },
      {
        id: "priority",
        header: t("column.order"),
        help: t("column.order_help"),
        cell: ({ channel }) => <OrderCell channel={channel} fixed={!mayWrite} />,
        text: ({ channel }) => `${channel.priority ?? 0} · ${channel.weight ?? 1}`,
        width: 100,
        sort: "desc",
      },
      {
        id: "success",
        header: t("column.success"),
        help: t("column.success_help"),
        cell: ({ status }) => <Success row={status} />,
        text: ({ status }) =>
          status && status.hour.calls > 0 ? formatShare(status.hour.ok_share, i18n.language) : "",
        width: 170,
      },
      {
        id: "first_event",
        header: t("column.first_event"),
        help: t("column.first_event_help"),
        cell: ({ status }) => (
          <Duration us={status?.hour.p50_first_event_us} missing={t("no_calls_hour")} />
        ),
        text: ({ status }) => String(status?.hour.p50_first_event_us ?? ""),
        width: 95,
        align: "end",
        card: "figure",
      },
      {
        id: "in_flight",
        header: t("column.in_flight"),
        cell: ({ status }) => <Tokens count={status?.in_flight} missing={t("state_unknown")} />,
        text: ({ status }) => String(status?.in_flight ?? ""),
        width: 80,
        align: "end",
      },
      {
        id: "today",
        header: t("column.today"),
        help: t("column.today_help"),
        cell: ({ status }) => <Money usd={status?.today.cost_usd} missing={t("state_unknown")} />,
        text: ({ status }) => status?.today.cost_usd ?? "",
        width: 95,
        align: "end",
        card: "figure",
      },
      {
        id: "models",
        header: t("column.models"),
        cell: ({ channel }) => <Tokens count={channel.models?.length ?? 0} />,
        text: ({ channel }) =>
          bindingsOf(channel)
            .map(({ name }) => name)
            .join(" "),
        width: 75,
        align: "end",
        hidden: true,
      },
      {
        id: "credentials",
        header: t("column.credentials"),
        help: t("column.credentials_help"),
        cell: ({ channel, status }) => (
          <CredentialCount all={channel.credentials?.length ?? 0} of={status?.credentials} />
        ),
        text: ({ channel }) => String(channel.credentials?.length ?? 0),
        hidden: true,
        width: 90,
        align: "end",
      },
      {
        id: "groups",
        header: t("column.groups"),
        cell: ({ channel }) =>
          channel.groups?.length ? (
            <bdi data-raw="">{channel.groups.join(", ")}</bdi>
          ) : (
            <Missing reason={t("no_groups")} />
          ),
        text: ({ channel }) => channel.groups?.join(" ") ?? "",
        width: 130,
      },
      {
        id: "base_url",
        isPrivate: true,
        header: t("field.base_url"),
        cell: ({ channel }) => (
          <code data-raw="" className="font-mono text-sm">
            {hostOf(channel.base_url)}
          </code>
        ),
        text: ({ channel }) => channel.base_url ?? "",
        width: 200,
        sort: "asc",
        hidden: true,
      },
      {
        id: "updated_at",
        header: t("column.updated"),
        cell: ({ channel }) => <Time time={channel.updated_at} />,
        text: ({ channel }) => channel.updated_at,
        width: timeWidth,
        sort: "desc",
        hidden: true,
      },
    ],
    [t, i18n.language, mayWrite],
  );
}

export function KindBadge({ kind, className }: { kind: ChannelKind; className?: string }) {
  const { t } = useTranslation("channels");
  return <Badge className={className}>{t(`kind.${kind}`)}</Badge>;
}

function Success({ row }: { row: ChannelRow["status"] }) {
  const { t, i18n } = useTranslation("channels");
  if (!row) return <Missing reason={t("state_unknown")} />;
  return (
    <span className="flex items-center gap-2">
      <span className="num w-12 text-right">
        {row.hour.calls === 0 ? (
          <Missing reason={t("no_calls_hour")} />
        ) : (
          formatShare(row.hour.ok_share, i18n.language)
        )}
      </span>
      <Strip label={t("column.success")} hours={row.hour.strip} />
    </span>
  );
}

function CredentialCount(props: {
  all: number;
  of: { enabled: boolean; state: string }[] | undefined;
}) {
  const { t } = useTranslation("channels");
  const { all, of } = props;
  if (!of) return <Tokens count={all} />;
  const ok = of.filter(({ enabled, state }) => enabled && state === "ok").length;
  const text = t("of", { count: ok, all: of.length });
  return (
    <span
      title={t("credentials_ok", { count: ok, all: of.length })}
      className={ok === 0 ? "num font-medium text-err" : ok < of.length ? "num text-warn" : "num"}
    >
      {text}
    </span>
  );
}
