import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { CallView, Considered, Decision } from "@/api/types";
import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/value/time-ago";
import { linkLook } from "@/connect/app-link";
import { shortId } from "@/format/id";
import { useOpens } from "@/shell/use-opens";
import { Section } from "@/trace/section";
import { StaticTable } from "@/trace/static-table";
import { useReader } from "@/trace/use-reader";
import { causeWord, exclusionWord } from "@/trace/words";
import { compareDecisions } from "./compare";

/** What was decided for a request, against what would be decided now. */
export function ThenAndNow(props: { request: CallView; was: Decision | undefined; now: Decision }) {
  const { t } = useTranslation("routing");
  const { request, was, now } = props;
  const opens = useOpens();
  return (
    <Section
      title={t("compare.title")}
      aside={
        opens("/admin/requests") && (
          <Link
            to="/admin/requests/$requestId"
            params={{ requestId: request.request_id }}
            className={linkLook}
          >
            {t("compare.request", { id: shortId(request.request_id) })}
          </Link>
        )
      }
    >
      {was ? <Differences was={was} now={now} /> : <p className="text-fg-2">{t("compare.none")}</p>}
    </Section>
  );
}

function Differences({ was, now }: { was: Decision; now: Decision }) {
  const { t } = useTranslation("routing");
  const { differences, same } = compareDecisions(was, now);
  return (
    <div className="space-y-3">
      <p className="text-fg-2">
        <Time time={was.at} />
        {" · "}
        {was.catalog_version === now.catalog_version
          ? t("compare.same_version", { version: now.catalog_version })
          : t("compare.versions", { was: was.catalog_version, now: now.catalog_version })}
      </p>
      {differences.length === 0 ? (
        <Notice tone="ok">{t("compare.same", { count: same })}</Notice>
      ) : (
        <>
          <p>
            {t("compare.differ", { count: differences.length, all: differences.length + same })}
          </p>
          <StaticTable
            label={t("compare.title")}
            columns={[
              { name: t("compare.channel") },
              { name: t("compare.group") },
              { name: t("compare.was") },
              { name: t("compare.now") },
            ]}
            rows={differences.map(({ id, channel, group, before, after }) => ({
              id,
              cells: [
                <span key="channel" data-raw="" className="font-medium">
                  {[channel, (after ?? before)?.credential].filter(Boolean).join(" · ")}
                </span>,
                <span key="group" data-raw="">
                  {group}
                </span>,
                <Place key="was" one={before} decision={was} />,
                <Place key="now" one={after} decision={now} />,
              ],
            }))}
          />
        </>
      )}
    </div>
  );
}

/** Where a candidate stood: its place among those to try, or why it was left out. */
function Place({ one, decision }: { one: Considered | undefined; decision: Decision }) {
  const { t } = useTranslation("routing");
  const reader = useReader();
  if (!one) return <span className="text-fg-3">{t("compare.absent")}</span>;
  if (one.excluded === undefined) {
    return one.place === undefined
      ? t("compare.tried")
      : t("compare.place", { place: one.place + 1 });
  }
  return (
    <span className="text-fg-2">
      {exclusionWord(reader, one, decision.dialect)}
      {one.cause !== undefined && ` (${causeWord(reader, one.cause)})`}
    </span>
  );
}
