/** Channels as a file: what an export writes and an import reads. It has the shape of a manifest, in JSON. */
import type { BindingForm, ChannelDraft, ChannelView } from "@/api/types";
import { channelKinds, dialects } from "@/api/words";
import { mostCount } from "@/form/rules";
import { isUnlimited, limitKinds } from "@/limits/limits";
import { costFields } from "./cost";
import { type Json, JsonMistake, parseJson } from "./json-lines";
import { mostWeight } from "./order-cell";

/** A channel as it stands in a file. */
export type ChannelForm = ChannelDraft & { name: string };

/** What is wrong with a file. */
export interface FileMistake {
  readonly code: FileMistakeCode;
  readonly line?: number;
  readonly channel?: string;
  /** `models.2.name`. */
  readonly field?: string;
  /** What was expected, or what it says. */
  readonly what?: string;
}

export type FileMistakeCode =
  | "syntax"
  | "twice"
  | "too_deep"
  | "no_channels"
  | "version"
  | "unknown"
  | "missing"
  | "not_text"
  | "not_name"
  | "not_url"
  | "not_group"
  | "not_number"
  | "not_flag"
  | "not_list"
  | "not_object"
  | "not_one_of"
  | "env_key"
  | "repeated";

/** The channels as a text to be saved. Only what is named here is in it: never a key. */
export function fileOf(channels: readonly ChannelView[], about: string): string {
  const channel = channels.map((one) => ({
    name: one.name,
    kind: one.kind,
    ...(one.base_url !== undefined && { base_url: one.base_url }),
    ...(one.endpoints && one.endpoints.length > 0 && { endpoints: one.endpoints }),
    ...(one.api_version !== undefined && { api_version: one.api_version }),
    ...(one.cost_multiplier !== undefined && { cost_multiplier: one.cost_multiplier }),
    ...(one.proxy !== undefined && { proxy: one.proxy }),
    ...(one.dialects && one.dialects.length > 0 && { dialects: one.dialects }),
    priority: one.priority ?? 0,
    weight: one.weight ?? 1,
    promoted: one.promoted ?? false,
    limits: one.limits ?? {},
    enabled: one.enabled ?? true,
    groups: one.groups ?? ["default"],
    credentials: (one.credentials ?? []).map(({ name, enabled, limits, proxy }) => ({
      name,
      ...(enabled === false && { enabled }),
      ...(!isUnlimited(limits) && { limits }),
      ...(proxy !== undefined && { proxy }),
    })),
    ...(one.options && Object.keys(one.options).length > 0 && { options: one.options }),
    models: one.models ?? [],
  }));
  return `${JSON.stringify({ version: 1, about, channel }, undefined, 2)}\n`;
}

/** What a file says, or every mistake in it. A list of channels alone is taken too. */
export function readFile(text: string): { channels: ChannelForm[]; mistakes: FileMistake[] } {
  const mistakes: FileMistake[] = [];
  try {
    const { value, lineOf } = parseJson(text);
    const isList = Array.isArray(value);
    const root = isList ? "" : "channel.";
    const list = isList ? value : isObject(value) ? value.channel : undefined;
    if (!Array.isArray(list) || list.length === 0) {
      return { channels: [], mistakes: [{ code: "no_channels" }] };
    }
    if (isObject(value)) {
      if (value.version !== undefined && value.version !== 1) {
        mistakes.push({ code: "version", ...lineIn(lineOf("version")) });
      }
      for (const name of Object.keys(value)) {
        if (!["version", "about", "channel"].includes(name)) {
          mistakes.push({ code: "unknown", field: name, ...lineIn(lineOf(name)) });
        }
      }
    }
    list.forEach((one: Json, at: number) => {
      const channel = isObject(one) && typeof one.name === "string" ? one.name : undefined;
      const tell: Tell = (code, field, what) =>
        mistakes.push({
          code,
          ...lineIn(
            lineOf(field === "" ? `${root}${at}` : `${root}${at}.${field}`) ??
              lineOf(`${root}${at}`),
          ),
          ...(channel !== undefined && { channel }),
          ...(field !== "" && { field }),
          ...(what !== undefined && { what }),
        });
      checkObject(one, "", channelRules, tell);
      const before = list.slice(0, at);
      if (before.some((other: Json) => isObject(other) && other.name === channel)) {
        if (channel !== undefined) tell("repeated", "name", channel);
      }
    });
    if (mistakes.length > 0) return { channels: [], mistakes };
    return { channels: list.map(formOf), mistakes };
  } catch (error) {
    if (!(error instanceof JsonMistake)) throw error;
    const { code, line, column } = error;
    return { channels: [], mistakes: [{ code, line, what: String(column) }] };
  }
}

/** The same as the TOML that the server takes. */
export function tomlOf(channels: readonly ChannelForm[]): string {
  const tables = channels.map((channel) => {
    const fields = Object.entries(channel).filter(([, value]) => value !== undefined);
    return ["[[channel]]", ...fields.map(([name, value]) => `${name} = ${tomlValue(value)}`)];
  });
  return `${["version = 1", ...tables.flat()].join("\n")}\n`;
}

function tomlValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).filter(([, one]) => one !== undefined);
    return `{ ${fields.map(([name, one]) => `${name} = ${tomlValue(one)}`).join(", ")} }`;
  }
  // What JSON escapes TOML reads the same; DEL it wants escaped too.
  return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
}

// === rules ===

type Tell = (code: FileMistakeCode, field: string, what?: string) => void;
type Rule = (value: Json, field: string, tell: Tell) => void;
type Rules = Readonly<Record<string, { rule: Rule; isNeeded?: boolean }>>;

const isObject = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const lineIn = (line: number | undefined) => (line === undefined ? {} : { line });
const within = (field: string, name: string | number) =>
  field === "" ? `${name}` : `${field}.${name}`;

const name: Rule = (value, field, tell) => {
  if (typeof value !== "string") return tell("not_text", field);
  const isSound =
    value !== "" && [...value].length <= 128 && value.trim() === value && !/\p{Cc}/u.test(value);
  if (!isSound) tell("not_name", field);
};

const flag: Rule = (value, field, tell) => {
  if (typeof value !== "boolean") tell("not_flag", field);
};

const whole =
  (least: number, most: number): Rule =>
  (value, field, tell) => {
    const isIt =
      typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
    if (!isIt) tell("not_number", field, `${least} … ${most}`);
  };

const oneOf =
  (words: readonly string[]): Rule =>
  (value, field, tell) => {
    if (typeof value !== "string" || !words.includes(value))
      tell("not_one_of", field, words.join(", "));
  };

const url: Rule = (value, field, tell) => {
  if (typeof value !== "string") return tell("not_text", field);
  const read = URL.canParse(value) ? new URL(value) : undefined;
  const isSound =
    read !== undefined &&
    /^https?:$/.test(read.protocol) &&
    `${read.username}${read.password}${read.search}${read.hash}` === "";
  if (!isSound) tell("not_url", field);
};

const groupName: Rule = (value, field, tell) => {
  if (typeof value !== "string" || !/^[\w-]{1,64}$/.test(value)) tell("not_group", field);
};

const key: Rule = (value, field, tell) => {
  if (typeof value !== "string" || value === "") return tell("not_text", field);
  if (value.startsWith("env:")) tell("env_key", field);
};

const listOf =
  (rule: Rule): Rule =>
  (value, field, tell) => {
    if (!Array.isArray(value)) return tell("not_list", field);
    const seen = new Set<string>();
    value.forEach((one: Json, at: number) => {
      rule(one, within(field, at), tell);
      const called = isObject(one) ? (one.base_url ?? one.name ?? "default") : one;
      if (typeof called !== "string") return;
      if (seen.has(called)) tell("repeated", within(field, at), called);
      seen.add(called);
    });
  };

const objectOf =
  (rules: Rules): Rule =>
  (value, field, tell) =>
    checkObject(value, field, rules, tell);

function checkObject(value: Json, field: string, rules: Rules, tell: Tell) {
  if (!isObject(value)) return tell("not_object", field);
  for (const [own, one] of Object.entries(value)) {
    const found = Object.hasOwn(rules, own) ? rules[own] : undefined;
    if (found) found.rule(one, within(field, own), tell);
    else tell("unknown", within(field, own));
  }
  for (const [own, { isNeeded }] of Object.entries(rules)) {
    if (isNeeded && value[own] === undefined) tell("missing", within(field, own));
  }
}

/** What is paid is a price like any other: the server tells of its numbers. */
const cost: Rule = (value, field, tell) =>
  checkObject(
    value,
    field,
    {
      ...Object.fromEntries(costFields.map((own) => [own, { rule: text }])),
      price_terms: { rule: options },
    },
    tell,
  );

const binding: Rule = (value, field, tell) => {
  if (typeof value === "string") return name(value, field, tell);
  checkObject(
    value,
    field,
    {
      name: { rule: name, isNeeded: true },
      upstream: { rule: name },
      enabled: { rule: flag },
      cost: { rule: cost },
    },
    tell,
  );
};

const endpoint: Rule = (value, field, tell) => {
  if (typeof value === "string") return url(value, field, tell);
  checkObject(
    value,
    field,
    {
      base_url: { rule: url, isNeeded: true },
      priority: { rule: whole(Number.MIN_SAFE_INTEGER, -1) },
      enabled: { rule: flag },
    },
    tell,
  );
};

/** Options are many and the server tells which of them is wrong, by its name. */
const options: Rule = (value, field, tell) => {
  if (!isObject(value)) tell("not_object", field);
};

const limits = objectOf(
  Object.fromEntries(limitKinds.map((kind) => [kind, { rule: whole(1, mostCount) }])),
);

const text: Rule = (value, field, tell) => {
  if (typeof value !== "string") tell("not_text", field);
};

const channelRules: Rules = {
  name: { rule: name, isNeeded: true },
  kind: { rule: oneOf(channelKinds) },
  base_url: { rule: url },
  endpoints: { rule: listOf(endpoint) },
  dialects: { rule: listOf(oneOf(dialects)) },
  priority: { rule: whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) },
  weight: { rule: whole(0, mostWeight) },
  promoted: { rule: flag },
  limits: { rule: limits },
  enabled: { rule: flag },
  api_version: { rule: text },
  cost_multiplier: { rule: text },
  proxy: { rule: text },
  groups: { rule: listOf(groupName) },
  credentials: {
    rule: listOf(
      objectOf({
        name: { rule: name },
        key: { rule: key },
        enabled: { rule: flag },
        limits: { rule: limits },
        proxy: { rule: text },
      }),
    ),
  },
  models: { rule: listOf(binding) },
  options: { rule: options },
};

/** After the rules hold. */
function formOf(value: Json): ChannelForm {
  const form = value as unknown as ChannelForm & { models?: BindingForm[] };
  return {
    ...form,
    ...(form.credentials && {
      credentials: form.credentials.map((one) => ({ ...one, name: one.name ?? "default" })),
    }),
  };
}
