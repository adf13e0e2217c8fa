import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { SetupState } from "@/api/types";
import { cn } from "@/components/class-names";
import { type OpenStep, type Step, stepOf, steps } from "./steps";

/** All the steps, which are done, and where one is. */
export function StepList(props: {
  state: SetupState;
  step: Step;
  onStep: (step: OpenStep) => void;
}) {
  const { t } = useTranslation("setup");
  const { state, step: current, onStep } = props;
  return (
    <nav aria-label={t("steps")} className="min-w-0">
      <ol className="relative flex gap-1 overflow-x-auto md:flex-col">
        {steps.map((step, at) => {
          const isDone = state[step];
          const target = stepOf(step);
          return (
            <li key={step} className="shrink-0">
              <button
                type="button"
                disabled={target === undefined}
                aria-current={step === current ? "step" : undefined}
                onClick={() => target && onStep(target)}
                className={cn(
                  "touch-target flex min-h-8 w-full items-center gap-2 rounded-control px-2 text-left text-fg-2 enabled:hover:bg-surface-2 enabled:hover:text-fg",
                  step === current && "bg-surface-3 font-medium text-fg",
                )}
              >
                <span
                  aria-hidden="true"
                  className={cn(
                    "grid size-5 shrink-0 place-items-center rounded-full border text-xs [&_svg]:size-3",
                    isDone ? "border-ok text-ok" : "border-line-strong text-fg-3",
                  )}
                >
                  {isDone ? <Check /> : at + 1}
                </span>
                {t(`step.${step}.name`)}
                {isDone && <span className="sr-only">{t("is_done")}</span>}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
