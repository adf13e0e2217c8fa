import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { UserRow } from "@/api/types";
import { linkLook } from "@/connect/app-link";
import type { Page } from "@/table/list-query";
import { UserName } from "./group-link";
import { inGroup } from "./queries";

/** How many users are in a group. */
export const countOf = ({ items, approx_total }: Page<UserRow>): number =>
  approx_total ?? items.length;

/** Some of the users of a group, and the way to all of them. */
export function UsersInIt({ group, users }: { group: string; users: Page<UserRow> }) {
  const { t } = useTranslation("user_groups");
  const count = countOf(users);
  if (count === 0) return <p className="text-fg-2">{t("users.none")}</p>;
  const more = count - users.items.length;
  return (
    <div className="space-y-1">
      <p className="flex flex-wrap gap-x-3 gap-y-0.5">
        {users.items.map(({ username }) => (
          <UserName key={username} name={username} />
        ))}
        {more > 0 && <span className="text-fg-2">{t("users.more", { count: more })}</span>}
      </p>
      <Link to="/admin/users" search={{ f: inGroup(group) } as never} className={linkLook}>
        {t("users.all", { count })}
      </Link>
    </div>
  );
}
