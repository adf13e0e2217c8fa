import { useTranslation } from "react-i18next";

import type { AccountView } from "@/api/types";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { nameOf } from "./account";
import { AccountFacts } from "./account-facts";

/** An account that came in: whose it is and where it went. */
export function AccountArrived(props: {
  account: AccountView;
  heading: string;
  onClose: () => void;
}) {
  const { t } = useTranslation(["accounts", "common"]);
  const { account } = props;
  const { channel, credential } = account;
  return (
    <div className="space-y-6">
      <div role="status" data-private="">
        <Notice tone="ok" heading={props.heading}>
          {t("accounts:log_in.done_text", { name: nameOf(account), channel, credential })}
        </Notice>
      </div>
      <AccountFacts account={account} />
      <div className="flex justify-end">
        <Button variant="primary" autoFocus onClick={props.onClose}>
          {t("common:done")}
        </Button>
      </div>
    </div>
  );
}
