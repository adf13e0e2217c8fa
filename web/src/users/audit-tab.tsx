import { useTranslation } from "react-i18next";

import { AuditList } from "@/audit/audit-list";
import { useShownUser } from "./user-page";

/** What the user did, and what was done to the account and its keys. */
export function AuditTab() {
  const { t } = useTranslation("users");
  const { username } = useShownUser();
  return (
    <div className="space-y-3">
      <p className="text-fg-2">{t("audit_about")}</p>
      <AuditList user={username} />
    </div>
  );
}
