import { useTranslation } from "react-i18next";

import { useListState } from "@/filter/list-state";
import { Page } from "@/shell/page";
import { AccountsList } from "./accounts-list";
import { ReturnedLogIn } from "./returned-log-in";

/** Every account at a vendor: how it is, what is left of it, and what is done about it. */
export function AccountsPage() {
  const { t } = useTranslation("accounts");
  return (
    <AccountsList state={useListState()}>
      {(actions, list) => (
        <Page title={t("title")} about={t("about")} {...(actions && { actions })}>
          {list}
          <ReturnedLogIn />
        </Page>
      )}
    </AccountsList>
  );
}
