import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { EntryView } from "@/api/types";
import { Missing } from "@/components/value/missing";
import { Time } from "@/components/value/time-ago";
import { type Column, timeWidth } from "@/table/column";
import { Amount } from "./amount";
import { CallLink } from "./call-link";
import type { Owner } from "./queries";

/** The columns of a statement; who did it is for operators. */
export function useEntryColumns(owner: Owner): readonly Column<EntryView>[] {
  const { t } = useTranslation("balance");
  return useMemo(() => {
    const raw = (text: string | undefined, reason: string) =>
      text === undefined ? <Missing reason={reason} /> : <bdi data-raw="">{text}</bdi>;
    const columns: (Column<EntryView> | false)[] = [
      {
        id: "at",
        header: t("column.at"),
        cell: ({ at }) => <Time time={at} />,
        text: ({ at }) => at,
        width: timeWidth,
        card: "figure",
      },
      {
        id: "kind",
        header: t("column.kind"),
        cell: ({ kind }) => t(`kind.${kind}`),
        text: ({ kind }) => t(`kind.${kind}`),
        width: 170,
        card: "title",
      },
      {
        id: "amount",
        header: t("column.amount"),
        help: t("column.amount_help"),
        cell: ({ amount_usd }) => <Amount usd={amount_usd} />,
        text: ({ amount_usd }) => amount_usd,
        width: 130,
        align: "end",
        card: "badge",
      },
      {
        id: "reason",
        header: t("column.reason"),
        cell: ({ reason }) => raw(reason, t("no_reason")),
        text: ({ reason }) => reason ?? "",
        width: 260,
        grows: true,
      },
      owner !== "me" && {
        id: "actor",
        isPrivate: true,
        header: t("column.actor"),
        cell: ({ actor }) => raw(actor, t("no_actor")),
        text: ({ actor }) => actor ?? "",
        width: 140,
      },
      {
        id: "request",
        header: t("column.request"),
        cell: ({ request_id }) =>
          request_id === undefined ? (
            <Missing reason={t("no_request")} />
          ) : (
            <CallLink owner={owner} request={request_id} />
          ),
        text: ({ request_id }) => request_id ?? "",
        width: 150,
      },
      {
        id: "reference",
        header: t("column.reference"),
        help: t("column.reference_help"),
        cell: ({ reference }) => raw(reference, t("no_reference")),
        text: ({ reference }) => reference ?? "",
        width: 200,
        hidden: true,
      },
    ];
    return columns.filter((column) => column !== false);
  }, [t, owner]);
}
