import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import type { CallView } from "@/api/types";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { useTimeZone } from "@/components/value/time-zone";
import { FilterBar } from "@/filter/filter-bar";
import { changed, type ListState, useListState } from "@/filter/list-state";
import type { Range } from "@/filter/range";
import { Page } from "@/shell/page";
import { DataTable } from "@/table/data-table";
import { useListQuery } from "@/table/list-query";
import { ByTable } from "./by-table";
import { useCallColumns } from "./call-columns";
import { useCallFields, useCallPresets } from "./call-fields";
import { only } from "./calls-link";
import { type Asked, type Dimension, fetchCalls, fetchExport, type Whose } from "./queries";
import { SummaryStrip } from "./summary-strip";
import { TraceBeside } from "./trace-beside";
import { UsageChart } from "./usage-chart";
import { useFreshCalls } from "./use-fresh-calls";
import { useSummary } from "./use-summary";

const day: Range = { last: "24h" };
const defaults = { sort: "-started_at", range: day };
const mineTabs = ["model", "api_key", "client", "session", "day", "cause"] as const;
const allTabs = [...mineTabs, "user", "channel", "channel_group"] as const;

/** Calls: how many, how they went, what they cost, and each of them. */
export function UsagePage({ whose }: { whose: Whose }) {
  const { t } = useTranslation("usage");
  return (
    <Page title={t(`title.${whose}`)}>
      <UsageView whose={whose} />
    </Page>
  );
}

/** The same inside of a page that is about one user. */
export function UsageView({ whose, user }: { whose: Whose; user?: string }) {
  const { t } = useTranslation("usage");
  const state = useListState(defaults);
  const zone = useTimeZone();
  const always = user === undefined ? "" : only("user", user);
  const filter = [always, state.filter].filter(Boolean).join(" ");
  const asked = useMemo(
    (): Asked => ({ whose, q: state.q, filter, range: state.range ?? day, zone }),
    [whose, state.q, filter, state.range, zone],
  );
  const { tab, setTab, request, setRequest } = usePlace();
  const isNotUser = (name: string) => user === undefined || name !== "user";
  const tabs: readonly Dimension[] = (whose === "mine" ? mineTabs : allTabs).filter(isNotUser);
  const summary = useSummary(asked);
  const fields = useCallFields(whose).filter(({ name }) => isNotUser(name));
  return (
    <>
      <FilterBar
        views={whose === "mine" ? "usage" : "requests"}
        state={state}
        fields={fields}
        presets={useCallPresets()}
        placeholder={t("search")}
      />
      <SummaryStrip summary={summary} />
      <UsageChart asked={asked} onRange={state.setRange} />
      <Tabs value={tab} onValueChange={setTab}>
        <TabsList aria-label={t("tabs")}>
          <TabsTrigger value="calls">{t("by.calls")}</TabsTrigger>
          {tabs.map((dimension) => (
            <TabsTrigger key={dimension} value={dimension}>
              {t(`by.${dimension}`)}
            </TabsTrigger>
          ))}
        </TabsList>
        <TabsContent value="calls">
          <Calls {...{ asked, state, request, setRequest }} isOfOne={user !== undefined} />
        </TabsContent>
        {tabs.map((dimension) => (
          <TabsContent key={dimension} value={dimension}>
            <ByTable asked={asked} dimension={dimension} state={state} />
          </TabsContent>
        ))}
      </Tabs>
    </>
  );
}

function Calls(props: {
  asked: Asked;
  state: ListState;
  request: string | undefined;
  setRequest: (id: string | undefined) => void;
  /** Of one user: who called need not be said in each row. */
  isOfOne: boolean;
}) {
  const { asked, state, request, setRequest, isOfOne } = props;
  const columns = useCallColumns(asked.whose);
  const { t } = useTranslation("usage");
  const { rows } = useListQuery<CallView>({
    key: ["usage", asked, "calls"],
    state: { ...state, filter: asked.filter },
    fetchPage: fetchCalls(asked),
  });
  const fresh = useFreshCalls(asked);
  return (
    <>
      <DataTable
        name={asked.whose === "mine" ? "usage" : "requests"}
        label={t("by.calls")}
        columns={isOfOne ? columns.filter(({ id }) => id !== "user") : columns}
        rows={rows}
        state={{ ...state, row: request }}
        rowId={({ request_id }) => request_id}
        rowLabel={({ request_id }) => request_id}
        opens={({ request_id }) => setRequest(request_id)}
        nothing={{ title: t("empty.title"), text: t("empty.text") }}
        fetchExport={fetchExport(asked)}
        fresh={fresh}
        className="max-h-[70vh]"
      />
      <TraceBeside whose={asked.whose} items={rows.items} request={request} onOpen={setRequest} />
    </>
  );
}

/** Which tab is chosen and which request is open: both in the address. */
function usePlace() {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const go = (change: Record<string, string | undefined>, replace: boolean) =>
    void navigate({
      to: ".",
      search: ((now: Record<string, unknown>) => changed(now, change as never)) as never,
      replace,
      resetScroll: false,
    });
  const request = typeof search.req === "string" ? search.req : undefined;
  return {
    tab: typeof search.tab === "string" ? search.tab : "calls",
    setTab: (tab: string) => go({ tab: tab === "calls" ? undefined : tab }, true),
    request,
    setRequest: (req: string | undefined) =>
      go({ req }, req !== undefined && request !== undefined),
  };
}
