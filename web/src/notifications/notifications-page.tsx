import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useListState } from "@/filter/list-state";
import { Page } from "@/shell/page";
import { type Owner, targetsQuery } from "./api";
import { HistorySection } from "./history-section";
import { RulesSection } from "./rules-section";
import { TargetsSection } from "./targets-section";

/** What is told, where, and what was: of the site for those who run it, or one's own. */
export function NotificationsPage({ owner }: { owner: Owner }) {
  const { t } = useTranslation("notifications");
  // One address for both lists: an id tells of which a row is.
  const state = useListState();
  const { data } = useQuery(targetsQuery(owner));
  return (
    <Page title={t("title")} about={t(`about.${owner}`)}>
      <div className="space-y-12">
        <RulesSection owner={owner} targets={data?.items} />
        <TargetsSection owner={owner} state={state} />
        <HistorySection owner={owner} state={state} />
      </div>
    </Page>
  );
}
