import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Coins } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { Margin, MarginPart } from "@/api/types";
import { Notice } from "@/components/ui/notice";
import { Segmented } from "@/components/ui/segmented";
import { useTimeZone } from "@/components/value/time-zone";
import { AppLink, linkLook } from "@/connect/app-link";
import { changed, useListState } from "@/filter/list-state";
import type { Range } from "@/filter/range";
import { RangePicker } from "@/filter/range-picker";
import { Page } from "@/shell/page";
import { useOpens } from "@/shell/use-opens";
import { DataTable } from "@/table/data-table";
import { allRows, type Rows } from "@/table/rows";
import { useMarginColumns } from "./columns";
import { sortedMargins } from "./margin-rows";
import { MarginStrip } from "./margin-strip";
import {
  fetchMarginExport,
  type MarginAsked,
  type MarginBy,
  marginParts,
  marginQuery,
  mostRows,
} from "./queries";

const month: Range = { last: "30d" };

/** What calls earn, for those who operate the site: all of them, and by channel, model, user or day. */
export function MarginPage({ by }: { by: MarginBy }) {
  const { t } = useTranslation("margin");
  const state = useListState({ range: month });
  const zone = useTimeZone();
  const range = state.range ?? month;
  const asked = useMemo((): MarginAsked => ({ by, range, zone }), [by, range, zone]);
  const { data, error, refetch } = useQuery(marginQuery(asked));
  const items = useMemo(() => sortedMargins(data?.items ?? [], state.sort), [data, state.sort]);
  const rows: Rows<MarginPart> = {
    ...allRows(items),
    status: data ? "success" : error ? "error" : "pending",
    ...(error && { error }),
    retry: () => void refetch(),
  };
  return (
    <Page
      title={t("title")}
      about={t("about")}
      actions={<RangePicker range={range} onChange={state.setRange} />}
    >
      {(data || !error) && <MarginStrip total={data?.total} />}
      {data && <Unknown total={data.total} />}
      <DataTable<MarginPart>
        name={`margin.${by}`}
        label={t("title")}
        columns={useMarginColumns(by, range)}
        rows={rows}
        state={state}
        rowId={({ key }) => key}
        rowLabel={({ label }) => label}
        toolbar={<ByChoice by={by} />}
        fetchExport={fetchMarginExport(asked)}
        exportOffer={{ formats: ["csv"], label: t("export") }}
        nothing={{ icon: <Coins />, title: t("none"), text: t("none_text") }}
      />
      {data?.more && <p className="text-fg-2 text-sm">{t("more", { count: mostRows })}</p>}
    </Page>
  );
}

/** Calls whose cost nobody knows are in no margin: said aloud, with what to do about it. */
function Unknown({ total }: { total: Margin }) {
  const { t } = useTranslation("margin");
  const opens = useOpens();
  if (total.uncosted_calls === 0) return null;
  return (
    <Notice
      tone="warn"
      heading={t("uncosted.title", { count: total.uncosted_calls })}
      {...(opens("/admin/channels") && {
        action: (
          <AppLink href="/admin/channels" className={linkLook}>
            {t("uncosted.channels")}
          </AppLink>
        ),
      })}
    >
      <p>{t("uncosted.text")}</p>
    </Notice>
  );
}

function ByChoice({ by }: { by: MarginBy }) {
  const { t } = useTranslation("margin");
  const navigate = useNavigate();
  return (
    <Segmented
      label={t("by.label")}
      value={by}
      onChange={(next) => {
        const change = { by: next === "channel" ? undefined : next, s: undefined, row: undefined };
        void navigate({
          to: ".",
          search: ((now: Record<string, unknown>) => changed(now, change as never)) as never,
          replace: true,
          resetScroll: false,
        });
      }}
      options={marginParts.map((value) => ({ value, label: t(`by.${value}`) }))}
    />
  );
}
