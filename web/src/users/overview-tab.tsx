import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import type { UserRow } from "@/api/types";
import { Numbers } from "@/chart/numbers";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Money } from "@/components/value/money";
import { ShortId } from "@/components/value/short-id";
import { Time, TimeAgo } from "@/components/value/time-ago";
import { Tokens } from "@/components/value/tokens";
import { BudgetBars } from "@/limits/budget-bars";
import { budgetsOfQuery } from "@/limits/budget-queries";
import { may } from "@/session/session";
import { useMe } from "@/session/use-me";
import { Section } from "@/shell/page";
import { AccessSection } from "./access-section";
import { AccountForm } from "./account-form";
import { userQuery } from "./queries";
import { useShownUser } from "./user-page";

/** Who it is, what they may use and did use, and what can be done with the account. */
export function OverviewTab() {
  const { t } = useTranslation("users");
  const user = useShownUser();
  const stored = useQuery(userQuery(user.username));
  return (
    <div className="max-w-240 space-y-8">
      <Figures user={user} />
      <Section title={t("facts")}>
        <dl className="grid gap-x-8 gap-y-3 sm:grid-cols-3">
          <Fact name={t("column.last_seen")}>
            <TimeAgo time={user.last_seen_at} missing={t("never")} />
          </Fact>
          <Fact name={t("column.created")}>
            <Time time={user.created_at} />
          </Fact>
          <Fact name={t("changed")}>
            <Time time={user.updated_at} />
          </Fact>
          <Fact name={t("second_factor")}>{t(user.totp ? "has_totp" : "has_no_totp")}</Fact>
          <Fact name={t("id")}>
            <ShortId id={user.id} />
          </Fact>
        </dl>
      </Section>
      <Section title={t("account")}>
        {stored.data ? (
          <AccountForm user={user} stored={stored.data} />
        ) : stored.error ? (
          <ErrorState error={stored.error} onRetry={() => void stored.refetch()} />
        ) : (
          <Skeleton className="h-40" />
        )}
      </Section>
      <Budgets username={user.username} />
      <AccessSection user={user} />
    </div>
  );
}

/** What is used of the budgets of the account and of its keys: asked for by whoever wants to know. */
function Budgets({ username }: { username: string }) {
  const { t } = useTranslation("limits");
  const [wanted, setWanted] = useState(false);
  const { data, error, refetch } = useQuery({ ...budgetsOfQuery(username), enabled: wanted });
  return (
    <Section title={t("budgets.title")} about={t("budgets.note")}>
      {!wanted ? (
        <Button onClick={() => setWanted(true)}>{t("budgets.show")}</Button>
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton className="h-16" />
      ) : data.budgets.length === 0 ? (
        <p className="text-fg-2">{t("none")}</p>
      ) : (
        <BudgetBars budgets={data.budgets} />
      )}
    </Section>
  );
}

function Figures({ user }: { user: UserRow }) {
  const { t } = useTranslation("users");
  const me = useMe();
  const { today, last_30d } = user;
  const params = { name: user.username };
  const mayUsage = may(me, "usage.read") && me.features.admin_usage;
  const usage = (t: string) =>
    mayUsage && {
      link: (
        <Link to={"/admin/users/$name/usage" as never} {...({ params, search: { t } } as object)} />
      ),
    };
  return (
    <Numbers
      label={t("figures")}
      cells={[
        {
          key: "today",
          label: t("column.today"),
          value: <Money usd={today.cost_usd} />,
          hint: t("calls_count", { count: today.calls }),
          ...usage("24h"),
        },
        {
          key: "spend",
          label: t("column.spend"),
          value: <Money usd={last_30d.cost_usd} />,
          hint: t("calls_count", { count: last_30d.calls }),
          ...usage("30d"),
        },
        {
          key: "tokens",
          label: t("tokens_30d"),
          value: (
            <Tokens
              count={
                last_30d.input_tokens +
                last_30d.cache_read_tokens +
                last_30d.cache_write_tokens +
                last_30d.output_tokens
              }
            />
          ),
          hint: (
            <>
              {t("output")} <Tokens count={last_30d.output_tokens} />
            </>
          ),
        },
        {
          key: "errors",
          label: t("errors_30d"),
          value: <Tokens count={last_30d.errors} />,
        },
        {
          key: "keys",
          label: t("tab.keys"),
          value: <Tokens count={user.keys} />,
          hint: t("not_revoked"),
          link: <Link to={"/admin/users/$name/keys" as never} {...({ params } as object)} />,
        },
      ]}
    />
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
