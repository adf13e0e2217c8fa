import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";

import type { Trace } from "@/api/types";
import { cn } from "@/components/class-names";
import { useReader } from "./use-reader";
import { adviceOf, verdictFacts, verdictOf, verdictSentence } from "./verdict";

const looks = {
  ok: { icon: CircleCheck, classes: "bg-ok-soft", colour: "text-ok" },
  warn: { icon: TriangleAlert, classes: "bg-warn-soft", colour: "text-warn" },
  err: { icon: CircleAlert, classes: "bg-err-soft", colour: "text-err" },
} as const;

/** What became of the request, in one sentence, with its figures below. */
export function VerdictView({ trace }: { trace: Trace }) {
  const reader = useReader();
  const { t } = reader;
  const { icon: Icon, classes, colour } = looks[verdictOf(trace).tone];
  const { call } = trace;
  const facts = verdictFacts(reader, trace);
  const advice = adviceOf(trace);
  return (
    <div className={cn("flex items-start gap-3 rounded-panel px-4 py-3", classes)}>
      <Icon aria-hidden="true" className={cn("mt-1 size-4 shrink-0 stroke-[1.5]", colour)} />
      <div className="min-w-0 space-y-1">
        <p className="font-medium text-lg [overflow-wrap:anywhere]">
          {verdictSentence(reader, trace)}
        </p>
        {advice && <p>{t(`advice.${advice}`)}</p>}
        <p className="num text-fg-2">
          {facts.join(" · ")}
          {call.origin !== undefined && ` · ${t(`origin.${call.origin}`)}`}
        </p>
      </div>
    </div>
  );
}
