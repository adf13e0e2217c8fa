import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { OauthAppView } from "@/api/types";
import { toast } from "@/components/toast";
import { ConfirmDialog } from "@/form/confirm-dialog";
import { useReauthenticated } from "@/session/reauthentication";
import { oauthApps, refreshApps } from "./queries";

interface Props {
  deed: "revoke" | "remove";
  app: OauthAppView;
  onClose: () => void;
}

/** Asks before an app is shut out for everybody, or deleted: how many users that concerns. */
export function AppDeed({ deed, app, onClose }: Props) {
  const { t } = useTranslation("oauth_apps");
  const queries = useQueryClient();
  const known = useReauthenticated();
  const { id, name, grants } = app;
  async function run() {
    if (deed === "remove") {
      await known(() => oauthApps.remove(id));
    } else {
      const { revoked } = await known(() => oauthApps.revokeGrants(id));
      toast.done(t("revoke.done", { name, count: revoked }));
    }
    await refreshApps(queries);
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t(`${deed}.title`, { name })}
      consequence={
        deed === "remove" && grants === 0
          ? t("remove.unused")
          : t(`${deed}.text`, { count: grants })
      }
      verb={t(`${deed}.verb`)}
      typedName={deed === "remove" && grants > 0 ? name : undefined}
      onConfirm={run}
    />
  );
}
