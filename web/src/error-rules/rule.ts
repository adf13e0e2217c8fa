/** A rule about errors: as its form holds it, as the server takes it, and in which order it counts. */
import type { Dialect, ErrorAct, ErrorMatch, ErrorRuleView } from "@/api/types";
import { dialects } from "@/api/words";
import { isEnabled } from "@/config/objects";

export interface RuleDraft {
  name: string;
  /** As typed. */
  priority: string;
  enabled: boolean;
  status: string[];
  contains: string;
  regex: string;
  channels: string[];
  dialects: Dialect[];
  /** As typed; empty: the upstream's. */
  act_status: string;
  message: string;
  hide: boolean;
  skip_health: boolean;
}

export interface RuleChange {
  priority?: number;
  enabled?: boolean;
  match?: ErrorMatch;
  then?: ErrorAct;
}

/** As the server looks at them: by priority, then by name. */
export const inOrder = (rules: readonly ErrorRuleView[]): ErrorRuleView[] =>
  [...rules].sort(
    (left, right) =>
      (right.priority ?? 0) - (left.priority ?? 0) || (left.name < right.name ? -1 : 1),
  );

export function draftOf(rule: ErrorRuleView | undefined): RuleDraft {
  const { match = {}, then = {} } = rule ?? {};
  return {
    name: rule?.name ?? "",
    priority: String(rule?.priority ?? 0),
    enabled: rule === undefined || isEnabled(rule),
    status: (match.status ?? []).map(String),
    contains: match.contains ?? "",
    regex: match.regex ?? "",
    channels: match.channels ?? [],
    dialects: dialects.filter((one) => match.dialects?.includes(one)),
    act_status: then.status === undefined ? "" : String(then.status),
    message: then.message ?? "",
    hide: then.hide ?? false,
    skip_health: then.skip_health ?? false,
  };
}

function matchOf({ status, contains, regex, channels, dialects: spoken }: RuleDraft): ErrorMatch {
  return {
    ...(status.length > 0 && { status: status.map(Number) }),
    ...(contains !== "" && { contains }),
    ...(regex !== "" && { regex }),
    ...(channels.length > 0 && { channels }),
    ...(spoken.length > 0 && { dialects: spoken }),
  };
}

function actOf({ act_status, message, hide, skip_health }: RuleDraft): ErrorAct {
  return {
    ...(act_status.trim() !== "" && { status: Number(act_status) }),
    ...(message.trim() !== "" && { message: message.trim() }),
    ...(hide && { hide }),
    ...(skip_health && { skip_health }),
  };
}

/** Whether it says which errors, or what is done: a rule needs both. */
export const matchesSomething = (draft: RuleDraft) => Object.keys(matchOf(draft)).length > 0;
export const doesSomething = (draft: RuleDraft) => Object.keys(actOf(draft)).length > 0;

const isSame = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);

/** What differs, as the server takes it: `match` and `then` each as a whole. */
export function changeOf(before: RuleDraft | undefined, after: RuleDraft): RuleChange {
  const parts = (draft: RuleDraft) => ({
    priority: Number(draft.priority),
    enabled: draft.enabled,
    match: matchOf(draft),
    // biome-ignore lint/suspicious/noThenProperty: the word of the API, and no function
    then: actOf(draft),
  });
  const [was, is] = [before && parts(before), parts(after)];
  const entries = Object.entries(is).filter(
    ([key, value]) => !isSame(was?.[key as keyof typeof is], value),
  );
  return Object.fromEntries(entries);
}

const act = "then";

/** Which field of the form a field of the rule is. */
const fields: Record<string, keyof RuleDraft> = {
  name: "name",
  priority: "priority",
  match: "status",
  "match.status": "status",
  "match.contains": "contains",
  "match.regex": "regex",
  "match.channels": "channels",
  "match.dialects": "dialects",
  [act]: "act_status",
  "then.status": "act_status",
  "then.message": "message",
};

/** ``error_rule `a`: match.regex: is no regular expression`` as a mistake of a field of the form. */
export function mistakeOf(text: string): { field: keyof RuleDraft; message: string } | undefined {
  const [, path = "", message] = /^error_rule `.*?`: ([a-z.]+): (.+)$/s.exec(text) ?? [];
  const field = fields[path];
  return field === undefined || message === undefined ? undefined : { field, message };
}
