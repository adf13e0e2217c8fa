/** What the form for a new channel holds, apart from its text fields. */
import type { ChannelDraft, ChannelKind, Dialect, Limits } from "@/api/types";
import { isUnlimited, type LimitsDraft, limitsOf } from "@/limits/limits";
import { type Binding, bindingTo, formOf } from "./channel";
import { hintOf, keysOf } from "./keys-field";
import { type ProxyDraft, proxyText } from "./proxy";
import type { ProbeRun } from "./use-probe";

/** What a form begins with. */
export interface QuickStart {
  kind?: ChannelKind;
  name?: string;
  base_url?: string;
  models?: readonly Binding[];
  groups?: readonly string[];
  dialects?: readonly Dialect[];
  priority?: number;
  weight?: number;
  limits?: Limits;
}

/** The text fields, checked. */
export interface QuickFields {
  name: string;
  base_url: string;
  priority: number;
  weight: number;
  limits: LimitsDraft;
}

/** The rest. */
export interface QuickChoice {
  kind: ChannelKind;
  /** One per line. */
  keys: string;
  models: readonly Binding[];
  groups: readonly string[];
  /** Empty: by kind. */
  dialects: readonly Dialect[];
  proxy: ProxyDraft;
}

/** How many models a test before saving asks: enough to see, little to pay. */
export const mostTested = 10;

export const choiceOf = (start: QuickStart): QuickChoice => ({
  kind: start.kind ?? "openai",
  keys: "",
  models: start.models ?? [],
  groups: start.groups ?? ["default"],
  dialects: start.dialects ?? [],
  proxy: { proxy: "" },
});

/** The proxy as a request holds it; nothing where there is none. */
export function proxyOf({ proxy }: Pick<QuickChoice, "proxy">): { proxy?: string } {
  const text = proxyText(proxy);
  return text === "" ? {} : { proxy: text };
}

/** What is sent to make the channel. */
export function draftOf(fields: QuickFields, choice: QuickChoice, enabled: boolean): ChannelDraft {
  const keys = keysOf(choice.keys);
  const limits = limitsOf(fields.limits);
  return {
    kind: choice.kind,
    base_url: fields.base_url,
    dialects: [...choice.dialects],
    priority: fields.priority,
    weight: fields.weight,
    ...(!isUnlimited(limits) && { limits }),
    enabled,
    ...proxyOf(choice),
    groups: [...choice.groups],
    credentials: keys.map((key, at) => ({
      name: keys.length === 1 ? "default" : `k${at + 1}`,
      key,
    })),
    models: choice.models.map(formOf),
  };
}

/** The bindings for what is ticked; those that are there keep their names. */
export function withChosen(models: readonly Binding[], ids: ReadonlySet<string>): Binding[] {
  const kept = models.filter(({ upstream }) => ids.has(upstream));
  const known = new Set(kept.map(({ upstream }) => upstream));
  return [...kept, ...[...ids].filter((id) => !known.has(id)).map(bindingTo)];
}

/** What a test before saving asks: with the first key the models, with each further key one of them. */
export function probeRuns(baseUrl: string, choice: QuickChoice): ProbeRun[] {
  const keys = keysOf(choice.keys);
  const ids = choice.models.map(({ upstream }) => upstream);
  const dialect = choice.dialects[0];
  return keys.map((key, at) => {
    const models = ids.slice(0, at === 0 ? mostTested : 1);
    return {
      path: "/api/admin/channels/probe",
      body: {
        kind: choice.kind,
        base_url: baseUrl,
        key,
        ...proxyOf(choice),
        ...(models.length > 0 && { models }),
        ...(choice.dialects.length === 1 && { dialect }),
      },
      models,
      label: keys.length > 1 ? hintOf(key) : undefined,
    };
  });
}
