import type { Trace } from "@/api/types";
import { AttemptsView } from "./attempts-view";
import { CostView } from "./cost-view";
import { DecisionView } from "./decision-view";
import { ClientView, ConversionView, ModelsView } from "./facts-view";
import { MarginView } from "./margin-view";
import { Section } from "./section";
import { TraceActions, type TraceLinks } from "./trace-actions";
import { useReader } from "./use-reader";
import { VerdictView } from "./verdict-view";
import { WaterfallView } from "./waterfall-view";

interface Props {
  trace: Trace;
  links?: TraceLinks | undefined;
}

/** How one request went: the verdict, then the evidence. */
export function TraceView({ trace, links = {} }: Props) {
  const { t } = useReader();
  return (
    <div className="min-w-0 space-y-8">
      <div className="space-y-3">
        <VerdictView trace={trace} />
        <TraceActions trace={trace} links={links} />
      </div>
      <WaterfallView trace={trace} />
      <Section title={t("section.decision")}>
        {trace.decision ? (
          <DecisionView decision={trace.decision} />
        ) : (
          <p className="text-fg-2">{t("funnel.none")}</p>
        )}
      </Section>
      <AttemptsView call={trace.call} />
      <CostView trace={trace} />
      <MarginView trace={trace} />
      <ModelsView trace={trace} />
      <ConversionView trace={trace} />
      <ClientView trace={trace} />
    </div>
  );
}
