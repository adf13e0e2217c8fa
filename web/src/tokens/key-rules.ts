/** What a key is good for, as the server keeps it and as a form holds it. */
import * as z from "zod/mini";

import { asProblem } from "@/api/problem";
import type { Dialect, KeyRules, LossPolicy } from "@/api/types";
import { dialects, lossPolicies } from "@/api/words";
import { instantOf, wallOf } from "@/filter/zone-time";
import { countMistake, mostCount, optionalCount } from "@/form/rules";
import { type SpanUnit, spanOf, unitSeconds } from "@/format/span";

export interface RulesDraft {
  models: string[];
  dialects: Dialect[];
  clients: string[];
  addresses: string[];
  /** Day and time as the clock of the reader shows it; empty: no end. */
  ends: string;
  /** As typed; empty: no end. */
  lasts: string;
  unit: SpanUnit;
  losses: LossPolicy;
}

/** Names in one list, at most. */
const mostListed = 100;
/** Characters of one. */
const longest = 255;

const list = () => z.array(z.string()).check(z.maxLength(mostListed, { error: "too_many:100" }));

/** The part of a form's schema. */
export const rulesSchema = z
  .object({
    models: list(),
    dialects: z.array(z.enum(dialects)),
    clients: list(),
    addresses: list(),
    ends: z
      .string()
      .check(z.refine((wall) => wall === "" || instantOf(wall) !== undefined, { error: "moment" })),
    lasts: optionalCount(),
    unit: z.enum(["day", "hour", "minute", "second"]),
    losses: z.enum(lossPolicies),
  })
  .check(({ value, issues }) => {
    const most = Math.floor(mostCount / unitSeconds[value.unit]);
    const message = countMistake(value.lasts, most);
    if (message !== undefined)
      issues.push({ code: "custom", message, path: ["lasts"], input: value });
  });

/** What a form begins with. */
export function rulesDraftOf(rules: KeyRules = {}, zone?: string): RulesDraft {
  const { models = [], clients = [], addresses = [], expires_at, valid_for_s } = rules;
  const span = valid_for_s === undefined ? undefined : spanOf(valid_for_s);
  return {
    models: [...models],
    dialects: [...(rules.dialects ?? [])],
    clients: [...clients],
    addresses: [...addresses],
    ends: expires_at === undefined ? "" : wallOf(expires_at, zone),
    lasts: span === undefined ? "" : String(span.count),
    unit: span?.unit ?? "day",
    losses: rules.losses ?? "warn",
  };
}

/** The rules as a whole, of a draft that holds. An end that was not touched keeps its seconds. */
export function rulesOf(draft: RulesDraft, zone?: string, before: KeyRules = {}): KeyRules {
  const isKept = before.expires_at !== undefined && wallOf(before.expires_at, zone) === draft.ends;
  const expires_at = isKept ? before.expires_at : instantOf(draft.ends, zone);
  const count = draft.lasts.trim();
  return {
    ...(draft.models.length > 0 && { models: draft.models }),
    ...(draft.dialects.length > 0 && { dialects: draft.dialects }),
    ...(draft.clients.length > 0 && { clients: draft.clients }),
    ...(draft.addresses.length > 0 && { addresses: draft.addresses }),
    ...(expires_at !== undefined && { expires_at }),
    ...(count !== "" && { valid_for_s: Number(count) * unitSeconds[draft.unit] }),
    // The usual is not said.
    ...(draft.losses !== "warn" && { losses: draft.losses }),
  };
}

/** Whether a key is for some calls only. Its end is told on its own. */
export const isNarrowed = ({ models, dialects: spoken, clients, addresses }: KeyRules = {}) =>
  [models, spoken, clients, addresses].some((one) => one !== undefined && one.length > 0);

export const isSameRules = (left: KeyRules, right: KeyRules) =>
  JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));

const sorted = (rules: KeyRules) =>
  Object.entries(rules)
    .filter(([, value]) => !Array.isArray(value) || value.length > 0)
    .sort(([left], [right]) => left.localeCompare(right));

/** A name of a model, or the beginning of one with `*` at its end. */
export const isModelPattern = (text: string) =>
  text !== "" && [...text].length <= longest && !text.slice(0, -1).includes("*");

/** Which rule the server did not take, and why, in its own words. */
export function refusedRule(error: unknown): { path: string; message: string } | undefined {
  const { fields, detail } = asProblem(error);
  for (const text of [...fields.map((one) => one.detail), detail ?? ""]) {
    const [, path, message] =
      /rules\.(models|dialects|clients|addresses|budgets): ([^;]+)/.exec(text) ?? [];
    if (path !== undefined && message !== undefined)
      return { path: path === "budgets" ? path : `rules.${path}`, message };
  }
  return undefined;
}
