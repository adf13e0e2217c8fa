import { useTranslation } from "react-i18next";

import { Page } from "@/shell/page";
import { BalanceView } from "./balance-view";

/** One's own balance. */
export function BalancePage() {
  const { t } = useTranslation("balance");
  return (
    <Page title={t("title")}>
      <BalanceView owner="me" />
    </Page>
  );
}
