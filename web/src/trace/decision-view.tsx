import type { Considered, Decision } from "@/api/types";
import { Badge } from "@/components/ui/badge";
import { funnelOf, type Step } from "./funnel";
import { MarkNotes, Marks } from "./marks";
import { keyOf, OrderView } from "./order-view";
import { sessionSentence } from "./session";
import { useReader } from "./use-reader";
import { causeWord, channelWord, exclusionWord } from "./words";

/** How the choice was made: who was left after each question, and in which order they are tried. */
export function DecisionView({ decision }: { decision: Decision }) {
  const { t } = useReader();
  const funnel = funnelOf(decision);
  return (
    <div className="space-y-4">
      <p className="text-fg-2">
        {t("funnel.summary", { considered: decision.considered.length, left: funnel.order.length })}
        {decision.truncated && ` · ${t("funnel.truncated")}`}
      </p>
      <ol className="space-y-2">
        {funnel.steps.map((step) => (
          <StepRow key={step.id} step={step} decision={decision} />
        ))}
      </ol>
      <OrderView order={funnel.order} />
      <Circumstances decision={decision} />
    </div>
  );
}

function StepRow({ step, decision }: { step: Step; decision: Decision }) {
  const { t } = useReader();
  const all = Math.max(1, decision.considered.length);
  return (
    <li className="grid gap-x-4 gap-y-1 sm:grid-cols-[15rem_minmax(0,1fr)]">
      <div>
        <div className="flex items-baseline justify-between gap-2">
          <span>{t(`funnel.${step.id}`)}</span>
          <span className="num shrink-0 whitespace-nowrap text-fg-2 text-sm">
            {t("funnel.of", { left: step.left, before: step.before })}
          </span>
        </div>
        <svg
          aria-hidden="true"
          viewBox="0 0 100 4"
          preserveAspectRatio="none"
          className="mt-1 block h-1 w-full"
        >
          <rect width="100" height="4" className="fill-(--surface-3)" />
          <rect
            width={(step.before / all) * 100}
            height="4"
            className="fill-(--line-strong) opacity-50"
          />
          <rect width={(step.left / all) * 100} height="4" className="fill-(--chart-1)" />
        </svg>
      </div>
      {step.out.length > 0 && (
        <ul className="flex flex-wrap gap-x-4 gap-y-0.5 text-sm">
          {step.out.map((one) => (
            <Out key={keyOf(one)} one={one} decision={decision} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Out({ one, decision }: { one: Considered; decision: Decision }) {
  const reader = useReader();
  return (
    <li className="min-w-0 [overflow-wrap:anywhere]">
      <span className="font-medium">{channelWord(reader, one)}</span> <Marks of={one} />{" "}
      <span className="text-fg-2">
        {exclusionWord(reader, one, decision.dialect)}
        {one.cause !== undefined && ` (${causeWord(reader, one.cause)})`}
      </span>
    </li>
  );
}

function Circumstances({ decision }: { decision: Decision }) {
  const reader = useReader();
  const { t } = reader;
  const groups = decision.key_groups.join(" → ");
  const session = sessionSentence(reader, decision);
  return (
    <ul className="space-y-0.5 text-fg-2 text-sm">
      <li>{t("funnel.groups_of_key", { groups })}</li>
      <li>{t("funnel.user_group", { group: decision.user_group })}</li>
      {decision.home !== undefined && <li>{t("funnel.home_of", { channel: decision.home })}</li>}
      {session !== undefined && <li>{session}</li>}
      <MarkNotes considered={decision.considered} />
      <li className="num">
        <Badge>
          {t("funnel.version", { version: decision.catalog_version, seed: decision.seed })}
        </Badge>
      </li>
    </ul>
  );
}
