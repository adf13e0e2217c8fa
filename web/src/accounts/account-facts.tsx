import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { AccountView } from "@/api/types";
import { Missing } from "@/components/value/missing";
import { Time, TimeAgo } from "@/components/value/time-ago";
import { Plan } from "./account-columns";
import { WindowLine } from "./quota-bar";

/** All that is known of an account. */
export function AccountFacts({ account }: { account: AccountView }) {
  const { t } = useTranslation("accounts");
  const { unanswered_since, subscription_until, last_error } = account;
  return (
    <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
      <Fact name={t("column.channel")}>
        <bdi data-raw="" data-private="">
          {account.channel}
        </bdi>
      </Fact>
      <Fact name={t("column.credential")}>
        <bdi data-raw="" data-private="">
          {account.credential}
        </bdi>
      </Fact>
      <Fact name={t("column.plan")}>
        <Plan plan={account.plan} />
      </Fact>
      {subscription_until !== undefined && (
        <Fact name={t("fact.subscription")}>
          <Time time={subscription_until} />
        </Fact>
      )}
      <Fact name={t("fact.account_id")}>
        <code data-raw="" data-private="" className="font-mono text-sm">
          {account.account_id}
        </code>
      </Fact>
      <Fact name={t("column.next")}>
        <TimeAgo time={account.next_refresh_at} missing={t("fact.no_next")} />
      </Fact>
      <Fact name={t("fact.renewed")}>
        <TimeAgo time={account.last_refreshed_at} missing={t("fact.never")} />
      </Fact>
      <Fact name={t("fact.expires")}>
        <TimeAgo time={account.expires_at} />
      </Fact>
      {unanswered_since !== undefined && (
        <Fact name={t("fact.unanswered")}>
          <TimeAgo time={unanswered_since} />
        </Fact>
      )}
      <Fact name={t("column.error")}>
        {last_error === undefined ? (
          <Missing reason={t("fact.no_error")} />
        ) : (
          <span data-raw="" className="font-mono text-sm">
            {last_error}
          </span>
        )}
      </Fact>
    </dl>
  );
}

/** What is used up of an account, and how fresh that is. */
export function Quota({ quota }: Pick<AccountView, "quota">) {
  const { t } = useTranslation("accounts");
  const credits = quota?.credits;
  return (
    <section aria-label={t("quota.title")} className="space-y-3">
      <h3 className="font-semibold">{t("quota.title")}</h3>
      {!quota || quota.windows.length === 0 ? (
        <p className="text-fg-2">{t("quota.unknown")}</p>
      ) : (
        <ul className="space-y-3">
          {quota.windows.map((window) => (
            <WindowLine key={window.name} window={window} />
          ))}
        </ul>
      )}
      {quota && (
        <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
          {credits && (
            <Fact name={t("quota.credits")}>
              {credits.unlimited ? (
                t("quota.unlimited")
              ) : !credits.has_credits ? (
                t("quota.no_credits")
              ) : credits.balance === undefined ? (
                t("quota.has_credits")
              ) : (
                <span data-raw="" className="num">
                  {credits.balance}
                </span>
              )}
            </Fact>
          )}
          <Fact name={t("quota.seen")}>
            <TimeAgo time={quota.seen_at} missing={t("fact.never")} />
          </Fact>
          {quota.error !== undefined && (
            <Fact name={t("quota.failed")}>
              <span data-raw="" className="font-mono text-sm">
                {quota.error}
              </span>
            </Fact>
          )}
        </dl>
      )}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-fg-3 text-xs">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
