import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { PaymentChannelView } from "@/api/types";
import { CopyButton } from "@/components/ui/copy-button";
import { StatusBadge } from "@/components/ui/status-badge";
import { Missing } from "@/components/value/missing";
import { Time } from "@/components/value/time-ago";
import { type Column, timeWidth } from "@/table/column";

export function useChannelColumns(): readonly Column<PaymentChannelView>[] {
  const { t } = useTranslation(["orders", "common"]);
  return useMemo((): readonly Column<PaymentChannelView>[] => {
    const kind = ({ kind: word, test_mode }: PaymentChannelView) =>
      test_mode
        ? `${t(`orders:channels.kinds.${word}`)} · ${t("orders:channels.test")}`
        : t(`orders:channels.kinds.${word}`);
    const state = ({ enabled }: PaymentChannelView) => t(enabled ? "common:on" : "common:off");
    return [
      {
        id: "name",
        header: t("orders:channels.name"),
        cell: ({ name }) => <bdi data-raw="">{name}</bdi>,
        text: ({ name }) => name,
        width: 180,
        card: "title",
      },
      {
        id: "kind",
        header: t("orders:channels.kind"),
        cell: kind,
        text: kind,
        width: 170,
      },
      {
        id: "enabled",
        header: t("orders:channels.state"),
        cell: (channel) => (
          <StatusBadge status={channel.enabled ? "ok" : "disabled"} word={state(channel)} />
        ),
        text: state,
        width: 100,
        card: "badge",
      },
      {
        id: "last_notice",
        header: t("orders:channels.last_notice"),
        help: t("orders:channels.last_notice_help"),
        cell: ({ last_notice_at, last_notice }) =>
          last_notice_at === undefined ? (
            <Missing reason={t("orders:channels.no_notice")} />
          ) : (
            <span>
              <Time time={last_notice_at} /> <bdi data-raw="">{last_notice}</bdi>
            </span>
          ),
        text: ({ last_notice_at, last_notice }) => `${last_notice_at ?? ""} ${last_notice ?? ""}`,
        width: 260,
        grows: true,
        card: "figure",
      },
      {
        id: "notify_url",
        header: t("orders:channels.notify"),
        cell: ({ notify_url }) =>
          notify_url === undefined ? (
            <Missing reason={t("orders:channels.no_address")} />
          ) : (
            <CopyButton text={notify_url} what={t("orders:channels.notify")} />
          ),
        text: ({ notify_url }) => notify_url ?? "",
        width: 150,
      },
      {
        id: "created_at",
        header: t("orders:channels.created"),
        cell: ({ created_at }) => <Time time={created_at} />,
        text: ({ created_at }) => created_at,
        width: timeWidth,
        hidden: true,
      },
    ];
  }, [t]);
}
