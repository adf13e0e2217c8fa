/** What was changed of the rules and is not saved. */

import type { NotificationEvent, NotificationRuleChange, NotificationRuleView } from "@/api/types";
import { thresholdMistake, thresholdOf, thresholdText } from "./threshold";

export interface RuleDraft {
  enabled: boolean;
  email: boolean;
  targets: readonly string[];
  /** As typed; empty where there is none. */
  threshold: string;
}

/** By event; what is not there is as the server has it. */
export type Drafts = Readonly<Partial<Record<NotificationEvent, RuleDraft>>>;

export const draftOf = ({
  enabled,
  email,
  targets,
  threshold,
}: NotificationRuleView): RuleDraft => ({
  enabled,
  email: email ?? false,
  targets,
  threshold: threshold ? thresholdText(threshold.unit, threshold.value) : "",
});

/** The drafts with one rule as it is to be; what is as it was is no change. */
export function withDraft(drafts: Drafts, rule: NotificationRuleView, next: RuleDraft): Drafts {
  const { [rule.event]: _, ...rest } = drafts;
  return isSame(draftOf(rule), next) ? rest : { ...rest, [rule.event]: next };
}

const isSame = (one: RuleDraft, other: RuleDraft) =>
  one.enabled === other.enabled &&
  one.email === other.email &&
  one.threshold === other.threshold &&
  one.targets.length === other.targets.length &&
  one.targets.every((id) => other.targets.includes(id));

/** What is surely wrong; a rule that is off tells nobody, and waits with its mistakes. */
export const mistakeIn = ({ threshold }: NotificationRuleView, draft: RuleDraft) =>
  threshold && draft.enabled ? thresholdMistake(threshold, draft.threshold) : undefined;

/** The rule as the server is told. `known` are the targets there are, once they have come. */
export function changeOf(
  { email, threshold }: NotificationRuleView,
  draft: RuleDraft,
  known: readonly string[] | undefined,
): NotificationRuleChange {
  const isRight = threshold && thresholdMistake(threshold, draft.threshold) === undefined;
  const value = isRight ? thresholdOf(threshold.unit, draft.threshold) : threshold?.value;
  return {
    enabled: draft.enabled,
    ...(email !== undefined && { email: draft.email }),
    targets: draft.targets.filter((id) => known?.includes(id) ?? true),
    ...(value !== undefined && { threshold: value }),
  };
}

/** The rule once the server has taken a change of it. */
export function changedBy(
  { threshold: before, ...rule }: NotificationRuleView,
  { threshold, ...change }: NotificationRuleChange,
): NotificationRuleView {
  return {
    ...rule,
    ...change,
    ...(before && { threshold: { ...before, value: threshold ?? before.value } }),
  };
}
