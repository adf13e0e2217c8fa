import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { AuditEntry } from "@/api/types";
import { Missing } from "@/components/value/missing";
import { Time } from "@/components/value/time-ago";
import { type Column, timeWidth } from "@/table/column";
import { Action } from "./action";

export function useAuditColumns(): readonly Column<AuditEntry>[] {
  const { t } = useTranslation("audit");
  return useMemo(
    (): readonly Column<AuditEntry>[] => [
      {
        id: "at",
        header: t("column.at"),
        cell: ({ at }) => <Time time={at} />,
        text: ({ at }) => at,
        width: timeWidth,
        card: "figure",
      },
      {
        id: "actor",
        isPrivate: true,
        header: t("column.actor"),
        cell: ({ actor, actor_kind }) => (
          <>
            <bdi data-raw="">{actor}</bdi>
            {actor_kind !== "user" && (
              <span className="ml-1.5 text-fg-3 text-sm">{t(`actor_kind.${actor_kind}`)}</span>
            )}
          </>
        ),
        text: ({ actor }) => actor,
        width: 160,
        card: "badge",
      },
      {
        id: "action",
        header: t("column.action"),
        cell: ({ action }) => <Action action={action} />,
        text: ({ action }) => action,
        width: 180,
        card: "title",
      },
      {
        id: "object",
        isPrivate: true,
        header: t("column.object"),
        cell: ({ object }) =>
          object === undefined ? (
            <Missing reason={t("no_object")} />
          ) : (
            <bdi data-raw="">{object}</bdi>
          ),
        text: ({ object }) => object ?? "",
        width: 180,
      },
      {
        id: "changes",
        header: t("column.changes"),
        cell: ({ changes }) =>
          changes.length === 0 ? (
            <Missing reason={t("no_changes")} />
          ) : (
            <span data-raw="" className="font-mono text-sm">
              {changes.map((change) => change.path).join(", ")}
            </span>
          ),
        text: ({ changes }) => changes.map((change) => change.path).join(", "),
        width: 240,
        grows: true,
      },
      {
        id: "address",
        isPrivate: true,
        header: t("column.address"),
        cell: ({ address }) =>
          address === undefined ? (
            <Missing reason={t("no_address")} />
          ) : (
            <span data-raw="" className="font-mono text-sm">
              {address}
            </span>
          ),
        text: ({ address }) => address ?? "",
        width: 140,
      },
    ],
    [t],
  );
}
