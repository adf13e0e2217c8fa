import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Waypoints } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Empty } from "@/components/ui/empty";
import { ErrorState } from "@/components/ui/error-state";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { Page } from "@/shell/page";
import { DecisionView } from "@/trace/decision-view";
import { Section } from "@/trace/section";
import { traceQuery } from "@/usage/queries";
import { simulateQuery } from "./queries";
import { Refusal } from "./refusal";
import { type RoutingSearch, routingSearch, type Simulated, simulationOf } from "./simulation";
import { SimulationForm } from "./simulation-form";
import { ThenAndNow } from "./then-and-now";
import { WhatIf } from "./what-if";

/** Whom a call would ask, and why nobody else. Nothing is sent. */
export function RoutingPage() {
  const { t } = useTranslation("routing");
  const [search, setSearch] = useRoutingSearch();
  return (
    <Page title={t("title")} about={t("about")}>
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[20rem_minmax(0,1fr)]">
        <SimulationForm key={formKey(search)} search={search} onSearch={setSearch} />
        <Answer search={search} onSearch={setSearch} />
      </div>
    </Page>
  );
}

/** Another address is another form; leaving channels out is not in the form. */
const formKey = ({ without: _, ...rest }: RoutingSearch) => JSON.stringify(rest);

function Answer(props: { search: RoutingSearch; onSearch: (search: RoutingSearch) => void }) {
  const { t } = useTranslation("routing");
  const { search, onSearch } = props;
  const { request } = search;
  const trace = useQuery({
    ...traceQuery("all", request ?? ""),
    enabled: request !== undefined,
  });
  const recorded = trace.data?.decision;
  const simulation = simulationOf(search, recorded?.seed);
  const isReady = simulation !== undefined && (request === undefined || !trace.isPending);
  const { data, error, refetch } = useQuery({
    ...simulateQuery(simulation ?? { model: "", dialect: "responses" }),
    enabled: isReady,
  });
  if (!simulation) {
    return <Empty icon={<Waypoints />} title={t("empty.title")} text={t("empty.text")} />;
  }
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) {
    return (
      <div aria-busy="true" className="space-y-4">
        <Skeleton className="h-40 w-full" />
        <Skeleton className="h-40 w-full" />
      </div>
    );
  }
  return (
    <div className="min-w-0 space-y-6">
      {request !== undefined && trace.error && (
        <Notice tone="warn">{t("compare.not_found")}</Notice>
      )}
      {trace.data && <ThenAndNow request={trace.data.call} was={trace.data.decision} now={data} />}
      <Result simulated={data} />
      <WhatIf search={search} simulated={data} onSearch={onSearch} />
    </div>
  );
}

function Result({ simulated }: { simulated: Simulated }) {
  const { t } = useTranslation("routing");
  return (
    <Section title={t("now")}>
      {simulated.refusal && <Refusal refusal={simulated.refusal} />}
      <DecisionView decision={simulated} />
    </Section>
  );
}

/** What is asked, kept in the address: it can be shared and survives a reload. */
function useRoutingSearch() {
  const search = routingSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const set = (next: RoutingSearch) =>
    void navigate({ to: "/admin/routing", search: next, resetScroll: false });
  return [search, set] as const;
}
