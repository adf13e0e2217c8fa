import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { OauthAppView } from "@/api/types";
import { StatusBadge } from "@/components/ui/status-badge";
import { ShortId } from "@/components/value/short-id";
import { Time, TimeAgo } from "@/components/value/time-ago";
import { formatExact } from "@/format/number";
import { type Column, timeWidth } from "@/table/column";

export function useAppColumns(): readonly Column<OauthAppView>[] {
  const { t, i18n } = useTranslation(["oauth_apps", "consent"]);
  const { language } = i18n;
  return useMemo((): readonly Column<OauthAppView>[] => {
    const state = ({ enabled }: OauthAppView) => t(`oauth_apps:state.${enabled ? "on" : "off"}`);
    const scopes = (app: OauthAppView) =>
      app.scopes.map((scope) => t(`consent:scope.${scope}.short`)).join(" · ");
    return [
      {
        id: "state",
        header: t("oauth_apps:column.state"),
        cell: (app) => <StatusBadge status={app.enabled ? "ok" : "disabled"} word={state(app)} />,
        text: state,
        width: 130,
        card: "badge",
      },
      {
        id: "name",
        header: t("oauth_apps:column.name"),
        cell: ({ name, publisher }) => (
          <>
            <bdi data-raw="">{name}</bdi>
            {publisher !== "" && (
              <bdi data-raw="" className="ml-2 font-normal text-fg-2">
                {publisher}
              </bdi>
            )}
          </>
        ),
        text: ({ name, publisher }) => (publisher === "" ? name : `${name} (${publisher})`),
        width: 240,
        grows: true,
        card: "title",
      },
      {
        id: "id",
        header: t("oauth_apps:column.client_id"),
        cell: ({ id }) => <ShortId id={id} copy what={t("oauth_apps:column.client_id")} />,
        text: ({ id }) => id,
        width: 170,
      },
      {
        id: "scopes",
        header: t("oauth_apps:column.scopes"),
        help: t("oauth_apps:column.scopes_help"),
        cell: scopes,
        text: scopes,
        width: 190,
      },
      {
        id: "grants",
        header: t("oauth_apps:column.users"),
        help: t("oauth_apps:column.users_help"),
        cell: ({ grants }) => formatExact(grants, language),
        text: ({ grants }) => String(grants),
        width: 90,
        align: "end",
        card: "figure",
      },
      {
        id: "last_used_at",
        header: t("oauth_apps:column.last_used"),
        cell: ({ last_used_at }) => (
          <TimeAgo time={last_used_at} missing={t("oauth_apps:never_used")} />
        ),
        text: ({ last_used_at }) => last_used_at ?? "",
        width: timeWidth,
        card: "figure",
      },
      {
        id: "created_at",
        header: t("oauth_apps:column.created"),
        cell: ({ created_at }) => <Time time={created_at} />,
        text: ({ created_at }) => created_at,
        width: timeWidth,
        hidden: true,
      },
    ];
  }, [t, language]);
}
