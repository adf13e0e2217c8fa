import { useTranslation } from "react-i18next";

import type { AccountView } from "@/api/types";
import { type Status, StatusBadge } from "@/components/ui/status-badge";
import { TimeAgo } from "@/components/value/time-ago";
import { type Standing, standingOf } from "./account";

const shapes: Record<Standing, Status> = {
  needs_login: "down",
  unanswered: "degraded",
  failing: "degraded",
  off: "disabled",
  active: "ok",
};

/** How an account is, and why it needs a log-in. `full`: since when, too. */
export function AccountState({ account, full = false }: { account: AccountView; full?: boolean }) {
  const { t } = useTranslation("accounts");
  const standing = standingOf(account, Date.now());
  const cause = standing === "needs_login" ? account.cause : undefined;
  return (
    <StatusBadge
      status={shapes[standing]}
      word={t(`standing.${standing}`)}
      {...((cause !== undefined || full) && {
        detail: (
          <>
            {cause !== undefined && t(`cause.${cause}`)}
            {cause !== undefined && full && " · "}
            {full && (
              <>
                {t("since")} <TimeAgo time={account.since} />
              </>
            )}
          </>
        ),
      })}
    />
  );
}

/** The same as plain text. */
export function useStateText(): (account: AccountView) => string {
  const { t } = useTranslation("accounts");
  return (account) => {
    const standing = standingOf(account, Date.now());
    const word = t(`standing.${standing}`);
    const { cause } = account;
    return standing === "needs_login" && cause ? `${word}: ${t(`cause.${cause}`)}` : word;
  };
}
