import { Gift } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "@/components/ui/button";
import { Page } from "@/shell/page";
import { BalanceView } from "./balance-view";
import { RedeemDialog } from "./redeem-dialog";

/** One's own balance. */
export function BalancePage() {
  const { t } = useTranslation("balance");
  const [isRedeeming, setIsRedeeming] = useState(false);
  return (
    <Page
      title={t("title")}
      actions={
        <Button icon={<Gift aria-hidden="true" />} onClick={() => setIsRedeeming(true)}>
          {t("redeem.title")}
        </Button>
      }
    >
      <BalanceView owner="me" />
      <RedeemDialog open={isRedeeming} onClose={() => setIsRedeeming(false)} />
    </Page>
  );
}
