import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { AccountView, QuotaWindow } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Missing } from "@/components/value/missing";
import { TimeAgo } from "@/components/value/time-ago";
import { useTimeZone } from "@/components/value/time-zone";
import { formatTimeInFull } from "@/format/time";
import type { Column } from "@/table/column";
import { leftUntil, nameOf } from "./account";
import { AccountState, useStateText } from "./account-state";
import { useWindowText, WindowCell, windowOf } from "./quota-bar";

/** The columns of accounts; in a channel's own list its name says nothing. */
export function useAccountColumns({ ofOne }: { ofOne: boolean }): readonly Column<AccountView>[] {
  const { t } = useTranslation("accounts");
  const stateText = useStateText();
  const windowText = useWindowText();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words for states and windows change with the language only
  return useMemo((): readonly Column<AccountView>[] => {
    const quota = (name: QuotaWindow["name"]): Column<AccountView> => ({
      id: name,
      header: t(`column.${name}`),
      help: t(`column.${name}_help`),
      cell: (account) => <WindowCell account={account} name={name} />,
      text: (account) => {
        const window = windowOf(account, name);
        return window ? windowText(window) : "";
      },
      width: 155,
      card: "figure",
    });
    return [
      {
        id: "email",
        isPrivate: true,
        header: t("column.email"),
        cell: (account) => (
          <span className="flex min-w-0 items-center gap-2">
            <bdi data-raw="" className="truncate">
              {nameOf(account)}
            </bdi>
            {account.plan !== undefined && (
              <span className="shrink-0 max-md:hidden">
                <Plan plan={account.plan} />
              </span>
            )}
          </span>
        ),
        text: (account) => [nameOf(account), account.plan].filter(Boolean).join(" · "),
        width: 240,
        grows: true,
        card: "title",
      },
      {
        id: "state",
        header: t("column.state"),
        cell: (account) => <AccountState account={account} />,
        text: stateText,
        width: 225,
        card: "badge",
      },
      {
        id: "since",
        header: t("column.since"),
        cell: ({ since }) => <TimeAgo time={since} />,
        text: ({ since }) => since,
        width: 140,
      },
      {
        id: "channel",
        isPrivate: true,
        header: t("column.channel"),
        cell: ({ channel }) => <bdi data-raw="">{channel}</bdi>,
        text: ({ channel }) => channel,
        width: 100,
        hidden: ofOne,
      },
      {
        id: "credential",
        isPrivate: true,
        header: t("column.credential"),
        cell: ({ credential }) => <bdi data-raw="">{credential}</bdi>,
        text: ({ credential }) => credential,
        width: 150,
        hidden: !ofOne,
      },
      quota("primary"),
      quota("secondary"),
      {
        id: "next",
        header: t("column.next"),
        cell: ({ next_refresh_at }) => <Until time={next_refresh_at} />,
        text: ({ next_refresh_at }) => next_refresh_at ?? "",
        width: 100,
      },
      {
        id: "error",
        header: t("column.error"),
        cell: ({ last_error }) =>
          last_error === undefined ? (
            <Missing reason={t("fact.no_error")} />
          ) : (
            <span data-raw="">{last_error}</span>
          ),
        text: ({ last_error }) => last_error ?? "",
        width: 110,
        hidden: ofOne,
      },
    ];
  }, [t, ofOne]);
}

/** How long it is until a renewal; at which moment is in the tooltip. */
function Until({ time }: { time: string | undefined }) {
  const { t, i18n } = useTranslation("accounts");
  const zone = useTimeZone();
  const now = Date.now();
  if (time === undefined) return <Missing reason={t("fact.no_next")} />;
  return (
    <time dateTime={time} title={formatTimeInFull(time, i18n.language, zone)} className="num">
      {Date.parse(time) <= now ? t("fact.due") : t("fact.in", { left: leftUntil(time, now) })}
    </time>
  );
}

export function Plan({ plan }: { plan: string | undefined }) {
  const { t } = useTranslation("accounts");
  if (plan === undefined) return <Missing reason={t("fact.no_plan")} />;
  return (
    <Badge>
      <span data-raw="">{plan}</span>
    </Badge>
  );
}
