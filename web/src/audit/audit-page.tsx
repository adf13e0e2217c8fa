import { useTranslation } from "react-i18next";

import { Page } from "@/shell/page";
import { AuditList } from "./audit-list";

/** Who did what, newest first. */
export function AuditPage() {
  const { t } = useTranslation("audit");
  return (
    <Page title={t("title")} about={t("about")}>
      <AuditList />
    </Page>
  );
}
