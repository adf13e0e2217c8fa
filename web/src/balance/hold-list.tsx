import { useTranslation } from "react-i18next";

import type { Balance } from "@/api/types";
import { Missing } from "@/components/value/missing";
import { Money } from "@/components/value/money";
import { ShortId } from "@/components/value/short-id";
import { TimeAgo } from "@/components/value/time-ago";
import { Section } from "@/shell/page";
import { StaticTable } from "@/trace/static-table";
import { isCut } from "./holds";

/** The calls that run at the moment, each with what it may cost. Their traces are written when they end. */
export function HoldList({ holds }: { holds: Balance["holds"] }) {
  const { t } = useTranslation("balance");
  return (
    <Section title={t("holds.title")} about={t("holds.about")}>
      {holds.length === 0 ? (
        <p className="text-fg-2">{t("holds.none")}</p>
      ) : (
        <StaticTable
          label={t("holds.title")}
          columns={[
            { name: t("holds.model") },
            { name: t("holds.call") },
            { name: t("holds.held"), isNumber: true },
            { name: t("holds.metered"), isNumber: true },
            { name: t("holds.since"), isNumber: true },
          ]}
          rows={holds.map((hold) => ({
            id: hold.request_id,
            cells: [
              hold.model === undefined ? (
                <Missing key="model" reason={t("holds.no_model")} />
              ) : (
                <bdi
                  key="model"
                  data-raw=""
                  title={hold.model}
                  className="block max-w-60 truncate max-sm:max-w-32"
                >
                  {hold.model}
                </bdi>
              ),
              <ShortId key="call" id={hold.request_id} copy what={t("holds.call")} />,
              <Money key="held" usd={hold.held_usd} />,
              <Money key="metered" usd={hold.metered_usd} />,
              <TimeAgo key="since" time={hold.since} />,
            ],
          }))}
        />
      )}
      {isCut(holds) && <p className="text-fg-2">{t("holds.cut", { count: holds.length })}</p>}
    </Section>
  );
}
