import { Pencil, RefreshCw, Trash2, UserX } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { OauthAppView } from "@/api/types";
import type { RowAction } from "@/table/column";

/** What is asked about before it is done. */
export type Deed = "rotate" | "revoke" | "remove";

interface Ways {
  edit: (id: string) => void;
  ask: (deed: Deed, app: OauthAppView) => void;
}

/** What is done with one app of the list. */
export function useAppActions({ edit, ask }: Ways): (app: OauthAppView) => readonly RowAction[] {
  const { t } = useTranslation("oauth_apps");
  return (app) => [
    { id: "edit", label: t("edit"), icon: <Pencil />, keys: "e", run: () => edit(app.id) },
    {
      id: "rotate",
      label: t("rotate.verb"),
      icon: <RefreshCw />,
      ...(!app.confidential && { disabledReason: t("no_secret") }),
      run: () => ask("rotate", app),
    },
    {
      id: "revoke",
      label: t("revoke.verb"),
      icon: <UserX />,
      danger: true,
      ...(app.grants === 0 && { disabledReason: t("no_grants") }),
      run: () => ask("revoke", app),
    },
    {
      id: "remove",
      label: t("remove.verb"),
      icon: <Trash2 />,
      danger: true,
      run: () => ask("remove", app),
    },
  ];
}
