import { useTranslation } from "react-i18next";

import type { AccountView } from "@/api/types";
import { Empty } from "@/components/ui/empty";
import { Notice } from "@/components/ui/notice";
import { Sheet, SheetContent } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { nameOf, standingOf } from "./account";
import { AccountActs } from "./account-acts";
import { AccountFacts, Quota } from "./account-facts";
import { AccountState } from "./account-state";

interface Props {
  /** The id of the account that is open. */
  id: string | undefined;
  /** `undefined`: not known yet. */
  items: readonly AccountView[] | undefined;
  onClose: () => void;
  onLogIn: (account: AccountView) => void;
}

/** One account: how it is and what to do about it. */
export function AccountSheet({ id, items, onClose, onLogIn }: Props) {
  const { t } = useTranslation("accounts");
  const account = items?.find((one) => one.id === id);
  return (
    <Sheet open={id !== undefined} onOpenChange={(open) => !open && onClose()}>
      {id !== undefined && (
        <SheetContent
          title={
            account ? (
              <bdi data-raw="" data-private="">
                {nameOf(account)}
              </bdi>
            ) : (
              t("column.email")
            )
          }
        >
          {account ? (
            <Shown key={id} account={account} onLogIn={() => onLogIn(account)} />
          ) : items ? (
            <Empty title={t("gone")} text={t("gone_text")} />
          ) : (
            <Skeleton className="h-60" />
          )}
        </SheetContent>
      )}
    </Sheet>
  );
}

function Shown({ account, onLogIn }: { account: AccountView; onLogIn: () => void }) {
  return (
    <div className="space-y-6">
      <div className="space-y-2">
        <AccountState account={account} full />
        <Explained account={account} />
      </div>
      <AccountActs account={account} onLogIn={onLogIn} />
      <Quota {...(account.quota && { quota: account.quota })} />
      <AccountFacts account={account} />
    </div>
  );
}

/** What the state means and what to do, where there is anything to do. */
function Explained({ account }: { account: AccountView }) {
  const { t } = useTranslation("accounts");
  const standing = standingOf(account, Date.now());
  if (standing === "active") return null;
  if (standing !== "needs_login") {
    return (
      <Notice tone={standing === "off" ? "info" : "warn"}>{t(`about_standing.${standing}`)}</Notice>
    );
  }
  return account.cause && <Notice tone="err">{t(`about_cause.${account.cause}`)}</Notice>;
}
