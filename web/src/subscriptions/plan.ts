/** A plan as a form holds it and as the server takes it. */
import { ApiProblem } from "@/api/problem";
import type { NewPlan, PlanChange, PlanTerms, PlanView } from "@/api/types";
import { plain } from "@/channel-groups/multiplier";
import { type WindowName, windows } from "./windows";

export interface PriceDraft {
  currency: string;
  amount: string;
}

/** As typed; an empty limit is none. */
export type TermsDraft = Record<`limit_${WindowName}`, string> & {
  days: string | number;
  multiplier: string;
};

export interface PlanDraft {
  code: string;
  name: string;
  enabled: boolean;
  user_groups: string[];
  prices: PriceDraft[];
  terms: TermsDraft;
}

/** What the form begins with; of a new plan, a month and nothing else. */
export function draftOf(plan?: PlanView): PlanDraft {
  const { terms = { days: 30 } as PlanTerms } = plan ?? {};
  return {
    code: plan?.code ?? "",
    name: plan?.name ?? "",
    enabled: plan?.enabled ?? true,
    user_groups: plan?.user_groups.toSorted() ?? [],
    prices: Object.entries(plan?.prices ?? {}).map(([currency, amount]) => ({ currency, amount })),
    terms: {
      days: String(terms.days),
      limit_5h: terms.limit_5h ?? "",
      limit_1d: terms.limit_1d ?? "",
      limit_7d: terms.limit_7d ?? "",
      limit_30d: terms.limit_30d ?? "",
      multiplier: plain(terms.multiplier),
    },
  };
}

/** The plan that a form without mistakes makes. */
export function newPlanOf({ code, name, user_groups, prices, terms }: PlanDraft): NewPlan {
  return { code, name, user_groups, prices: pricesOf(prices), terms: termsOf(terms) };
}

/** What of a plan was changed: the rest may have become another in the meantime, and stays. */
export function changeOf(before: PlanDraft, after: PlanDraft): PlanChange {
  const [was, is] = [newPlanOf(before), newPlanOf(after)];
  const differs = (name: keyof NewPlan) => JSON.stringify(was[name]) !== JSON.stringify(is[name]);
  return {
    ...(differs("name") && { name: is.name }),
    ...(before.enabled !== after.enabled && { enabled: after.enabled }),
    ...(differs("user_groups") && { user_groups: after.user_groups }),
    ...(differs("prices") && { prices: pricesOf(after.prices) }),
    ...(differs("terms") && { terms: is.terms }),
  };
}

const pricesOf = (prices: readonly PriceDraft[]) =>
  Object.fromEntries(prices.map(({ currency, amount }) => [currency.toUpperCase(), amount]));

function termsOf({ days, multiplier, ...limits }: TermsDraft): PlanTerms {
  const given = windows
    .map((window) => `limit_${window}` as const)
    .filter((name) => limits[name] !== "");
  return {
    days: Number(days),
    ...Object.fromEntries(given.map((name) => [name, limits[name]])),
    multiplier,
  };
}

/** The problem with its mistakes at the fields of the form: a price is a row there, the groups are one field. */
export function atFields(problem: ApiProblem, { prices }: PlanDraft): ApiProblem {
  const fields = problem.fields.map((mistake) => {
    const [, name, key] = mistake.pointer.split("/");
    if (name === "user_groups") return { ...mistake, pointer: "/user_groups" };
    const at = prices.findIndex(({ currency }) => currency.toUpperCase() === key);
    const isPrice = name === "prices" && at >= 0;
    return isPrice ? { ...mistake, pointer: `/prices/${at}/amount` } : mistake;
  });
  return new ApiProblem({ ...problem, fields });
}
