import { useTranslation } from "react-i18next";

import type { Ranked } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { Tokens } from "@/components/value/tokens";
import { formatExact } from "@/format/number";
import { StaticTable } from "@/trace/static-table";

/** The places, one's own marked. */
export function RankingTable({ items }: { items: readonly Ranked[] }) {
  const { t, i18n } = useTranslation("ranking");
  return (
    <StaticTable
      label={t("places")}
      columns={[
        { name: t("column.place"), isNumber: true },
        { name: t("column.name") },
        { name: t("column.calls"), isNumber: true },
        { name: t("column.llm_tokens"), isNumber: true },
      ]}
      rows={items.map((item, at) => ({
        // Some may share a place, and some have no name.
        id: `${at}`,
        isCurrent: item.mine,
        cells: [
          formatExact(item.place, i18n.language),
          <Name key="name" item={item} />,
          <Tokens key="calls" count={item.calls} />,
          <Tokens key="tokens" count={item.llm_tokens} />,
        ],
      }))}
    />
  );
}

function Name({ item }: { item: Ranked }) {
  const { t } = useTranslation("ranking");
  return (
    <span className="flex min-w-24 flex-wrap items-center gap-x-2">
      {item.name === undefined ? (
        <span className="text-fg-2">{t("anonymous")}</span>
      ) : (
        <bdi data-raw="" data-private="" className="[overflow-wrap:anywhere]">
          {item.name}
        </bdi>
      )}
      {item.mine && <Badge tone="info">{t("you")}</Badge>}
    </span>
  );
}
