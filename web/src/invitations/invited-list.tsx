import { UserPlus } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { InvitedView } from "@/api/types";
import { Empty } from "@/components/ui/empty";
import { Time } from "@/components/value/time-ago";
import { Section } from "@/shell/page";
import { StaticTable } from "@/trace/static-table";

/** The latest who came by the link: when, never who. */
export function InvitedList({ latest }: { latest: readonly InvitedView[] }) {
  const { t } = useTranslation("invitations");
  return (
    <Section title={t("latest.title")} about={t("latest.about")}>
      {latest.length === 0 ? (
        <Empty icon={<UserPlus />} title={t("latest.none")} text={t("latest.none_text")} />
      ) : (
        <StaticTable
          label={t("latest.title")}
          columns={[{ name: t("latest.at") }, { name: t("latest.rewarded") }]}
          rows={latest.map(({ at, rewarded_at }, place) => ({
            id: `${place}`,
            cells: [
              <Time key="at" time={at} />,
              rewarded_at === undefined ? (
                <span key="rewarded" className="text-fg-2">
                  {t("latest.waiting")}
                </span>
              ) : (
                <Time key="rewarded" time={rewarded_at} />
              ),
            ],
          }))}
        />
      )}
    </Section>
  );
}
