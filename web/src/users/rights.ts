import { useTranslation } from "react-i18next";

import type { UserRow } from "@/api/types";
import { useMay, useMe } from "@/session/use-me";
import type { Deed } from "./user-deeds";

export interface Rights {
  /** Why this may not be done to the user; `undefined`: it may. */
  deny: (deed: Deed) => string | undefined;
  /** Why the account may not be changed at all. */
  change: string | undefined;
  email: string | undefined;
  role: string | undefined;
  /** Why no key can be made for the user. */
  makeKey: string | undefined;
  changeKeys: string | undefined;
}

/**
 * What the reader may do with an account. Nobody shuts themselves out, and only who gives roles touches the
 * accounts of those who operate the site. The server holds to the same.
 */
export function useRights(): (user: UserRow) => Rights {
  const { t } = useTranslation("users");
  const me = useMe();
  const mayWrite = useMay("users.write");
  const mayRoles = useMay("roles.write");
  const maySecrets = useMay("secrets.write");
  return (user) => {
    const isOwn = user.id === me.id;
    const above = mayRoles || user.role === "user" ? undefined : t("above_you");
    const change = mayWrite ? above : t("may_only_look");
    const own = isOwn ? t("is_you") : undefined;
    const root = mayRoles ? undefined : t("root_only");
    const secret = maySecrets ? undefined : t("root_only");
    return {
      change,
      email: change ?? secret,
      role: root ?? own,
      changeKeys: mayWrite ? (isOwn ? undefined : above) : t("may_only_look"),
      makeKey: mayWrite ? (isOwn ? undefined : (above ?? secret)) : t("may_only_look"),
      deny: (deed) => {
        if (deed === "password" || deed === "totp") return root;
        if (deed === "log_out") return change;
        return own ?? change;
      },
    };
  };
}
