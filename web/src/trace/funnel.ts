/** How many candidates were left after each question, and who fell out at which. */

import type { Considered, Decision, Exclusion } from "@/api/types";

export type StepId =
  | "groups"
  | "enabled"
  | "dialect"
  | "home"
  | "options"
  | "rested"
  | "credential"
  | "outranked"
  | "other";

export interface Step {
  id: StepId;
  before: number;
  left: number;
  /** Who fell out here. */
  out: readonly Considered[];
}

export interface Funnel {
  steps: readonly Step[];
  /** Who is left, in the order to be tried. */
  order: readonly Considered[];
}

/** The questions in the order in which they are asked, with the answers that end it there. */
const questions: readonly { id: StepId; reasons: readonly Exclusion[] }[] = [
  { id: "groups", reasons: ["not_in_groups", "group_disabled"] },
  { id: "enabled", reasons: ["channel_disabled", "binding_disabled"] },
  { id: "dialect", reasons: ["dialect", "kind"] },
  { id: "home", reasons: ["not_home"] },
  { id: "options", reasons: ["service_tier", "fast_mode", "out_of_hours"] },
  { id: "rested", reasons: ["cooling_down"] },
  { id: "credential", reasons: ["no_credential", "no_endpoint"] },
  { id: "outranked", reasons: ["outranked"] },
];

/** Questions that most calls never come to: told only where they count. */
const rare = new Set<StepId>(["home", "options", "outranked"]);

const known = new Set<string>(questions.flatMap((question) => question.reasons));

export function funnelOf(decision: Decision): Funnel {
  const steps: Step[] = [];
  let before = decision.considered.length;
  const ask = (id: StepId, isOut: (one: Considered) => boolean) => {
    const out = decision.considered.filter(isOut);
    steps.push({ id, before, left: before - out.length, out });
    before -= out.length;
  };
  for (const { id, reasons } of questions) {
    const isHomed = id === "home" && decision.home !== undefined;
    if (rare.has(id) && !isHomed && !hasReason(decision, reasons)) continue;
    ask(id, ({ excluded }) => excluded !== undefined && reasons.includes(excluded));
  }
  if (decision.considered.some((one) => isUnknown(one.excluded)))
    ask("other", (one) => isUnknown(one.excluded));
  const order = decision.considered
    .filter((one) => one.excluded === undefined)
    .toSorted((left, right) => (left.place ?? Infinity) - (right.place ?? Infinity));
  return { steps, order };
}

function hasReason(decision: Decision, reasons: readonly Exclusion[]): boolean {
  return decision.considered.some(
    ({ excluded }) => excluded !== undefined && reasons.includes(excluded),
  );
}

/** A reason that a newer server knows and this page does not. */
function isUnknown(excluded: Exclusion | undefined): boolean {
  return excluded !== undefined && !known.has(excluded);
}
