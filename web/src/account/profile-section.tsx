import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Time } from "@/components/value/time-ago";
import { useMe } from "@/session/use-me";

/** What is fixed: the name, the role, the group. */
export function ProfileSection() {
  const { t } = useTranslation(["account", "shell"]);
  const me = useMe();
  return (
    <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
      <Fact name={t("account:profile.username")}>
        <span data-raw="" data-private="">
          {me.username}
        </span>
      </Fact>
      <Fact name={t("account:profile.role")}>{t(`shell:role.${me.role}`)}</Fact>
      <Fact name={t("account:profile.group")} help={t("account:profile.group_help")}>
        <span data-raw="">{me.user_group}</span>
      </Fact>
      <Fact name={t("account:profile.since")}>
        <Time time={me.created_at} />
      </Fact>
    </dl>
  );
}

function Fact(props: { name: string; help?: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-fg-3 text-xs">{props.name}</dt>
      <dd className="[overflow-wrap:anywhere]">
        {props.children}
        {props.help !== undefined && <span className="block text-fg-3 text-xs">{props.help}</span>}
      </dd>
    </div>
  );
}
