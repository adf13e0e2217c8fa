import { useTranslation } from "react-i18next";

import { useLocalListState } from "@/filter/list-state";
import { Section } from "@/shell/page";
import { AccountsList } from "./accounts-list";

/** The accounts of one channel, on its page. */
export default function ChannelAccounts({ channel }: { channel: string }) {
  const { t } = useTranslation("accounts");
  return (
    <AccountsList state={useLocalListState()} channel={channel}>
      {(actions, list) => (
        <Section title={t("of_channel")} about={t("of_channel_about")} actions={actions}>
          {list}
        </Section>
      )}
    </AccountsList>
  );
}
