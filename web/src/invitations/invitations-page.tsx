import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { InvitationView } from "@/api/types";
import { Numbers } from "@/chart/numbers";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { Money } from "@/components/value/money";
import { Tokens } from "@/components/value/tokens";
import { Page } from "@/shell/page";
import { InvitedList } from "./invited-list";
import { LinkSection } from "./link-section";
import { invitationQuery } from "./queries";

/** One's link, what it is worth, and what came of it. */
export function InvitationsPage() {
  const { t } = useTranslation("invitations");
  const { data, error, isPending, refetch } = useQuery(invitationQuery);
  return (
    <Page title={t("title")} about={t("about")} width="form">
      {isPending && <Skeleton className="h-64 w-full" />}
      {error && !data && <ErrorState error={error} onRetry={refetch} />}
      {data && (
        <div className="space-y-10">
          <LinkSection code={data.code} terms={data.terms} />
          <Sums invitation={data} />
          <InvitedList latest={data.latest} />
        </div>
      )}
    </Page>
  );
}

function Sums({ invitation }: { invitation: InvitationView }) {
  const { t } = useTranslation("invitations");
  return (
    <Numbers
      label={t("sums")}
      cells={[
        { key: "invited", label: t("invited"), value: <Tokens count={invitation.invited} /> },
        { key: "rewarded", label: t("rewarded"), value: <Tokens count={invitation.rewarded} /> },
        { key: "earned", label: t("earned"), value: <Money usd={invitation.earned_usd} /> },
      ]}
    />
  );
}
