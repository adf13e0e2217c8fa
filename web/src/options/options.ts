/** The options of a channel as its form holds them, and as the server takes them. */

import type { components } from "@/api/schema";
import type { ChannelOptions } from "@/api/types";

type Schemas = components["schemas"];

export interface OptionsDraft {
  system_prompt: { text: string; mode: Schemas["PromptMode"] };
  /** JSON as typed. */
  params: string;
  body: { allow: readonly string[]; deny: readonly string[] };
  effort_suffix: { on: boolean; keep: readonly string[]; messages: Schemas["MessagesEffort"] };
  model_rules: readonly Schemas["ModelRule"][];
  pass_through_body: boolean;
  service_tier: Schemas["TierPolicy"];
  fast_mode: boolean;
  store: Schemas["StorePolicy"];
  safety_identifier: Schemas["Forward"];
  cache_ttl: Schemas["CacheTtl"];
  organization: string;
  project: string;
  headers: { set: readonly HeaderRow[]; remove: readonly string[] };
  thinking_to_content: boolean;
  status_codes: readonly StatusRow[];
  hours: { zone: string; windows: readonly WindowRow[] };
  websocket: boolean;
  on_disconnect: Schemas["OnDisconnect"];
  auto_disable: { on: boolean; after: string; causes: readonly string[] };
  test_model: string;
  /** As typed. */
  test_every_minutes: string;
  probe_every_seconds: string;
  tags: readonly string[];
  remark: string;
}

export type OptionName = keyof OptionsDraft;

export interface HeaderRow {
  name: string;
  value: string;
}

/** As typed. */
export interface StatusRow {
  from: string;
  to: string;
}

export interface WindowRow {
  days: readonly Schemas["Weekday"][];
  from: string;
  to: string;
}

/** What the server shows for the value of a header that may be a secret; sent back, it keeps the value. */
export const kept = "(set)";

/** How an option is read out of what the server shows, and written for it; `undefined` leaves it out. */
interface Form<Value, Option> {
  read: (option: Option | undefined) => Value;
  write: (value: Value) => Option | undefined;
}

const choice = <Word extends string>(usual: Word): Form<Word, Word> => ({
  read: (word) => word ?? usual,
  write: (word) => (word === usual ? undefined : word),
});
const flag: Form<boolean, boolean> = { read: (is) => is ?? false, write: (is) => is || undefined };
const line: Form<string, string> = {
  read: (text) => text ?? "",
  write: (text) => text.trim() || undefined,
};

/** A number as typed; nothing leaves it out. */
const count: Form<string, number> = {
  read: (number) => (number === undefined ? "" : String(number)),
  write: (text) => (text.trim() === "" ? undefined : Number(text)),
};

type Forms = {
  [Name in OptionName]: Form<OptionsDraft[Name], NonNullable<ChannelOptions[Name]>>;
};

const forms: Forms = {
  system_prompt: {
    read: (prompt) => ({ text: prompt?.text ?? "", mode: prompt?.mode ?? "inject_if_absent" }),
    write: ({ text, mode }) => (text.trim() === "" ? undefined : { text, mode }),
  },
  params: {
    read: (params) => (params && !isBare(params) ? JSON.stringify(params, null, 2) : ""),
    write: (text) => (text.trim() === "" ? undefined : (JSON.parse(text) as object)),
  },
  body: {
    read: (body) => ({ allow: body?.allow ?? [], deny: body?.deny ?? [] }),
    write: ({ allow, deny }) => unlessBare({ ...listed("allow", allow), ...listed("deny", deny) }),
  },
  effort_suffix: {
    read: (suffix) => ({
      on: suffix !== undefined,
      keep: suffix?.keep ?? [],
      messages: suffix?.messages ?? "output_config",
    }),
    write: ({ on, keep, messages }) => (on ? { ...listed("keep", keep), messages } : undefined),
  },
  model_rules: { read: (rules) => rules ?? [], write: (rules) => filled(rules) },
  pass_through_body: flag,
  service_tier: choice<Schemas["TierPolicy"]>("forward"),
  fast_mode: { read: (is) => is ?? true, write: (is) => (is ? undefined : false) },
  store: choice<Schemas["StorePolicy"]>("forward"),
  safety_identifier: choice<Schemas["Forward"]>("forward"),
  cache_ttl: choice<Schemas["CacheTtl"]>("inherit"),
  organization: line,
  project: line,
  headers: {
    read: (headers) => ({
      set: Object.entries(headers?.set ?? {}).map(([name, value]) => ({ name, value })),
      remove: headers?.remove ?? [],
    }),
    write: ({ set, remove }) =>
      unlessBare({
        ...(set.length > 0 && {
          set: Object.fromEntries(set.map(({ name, value }) => [name.trim(), value])),
        }),
        ...listed("remove", remove),
      }),
  },
  thinking_to_content: flag,
  status_codes: {
    read: (codes) => Object.entries(codes ?? {}).map(([from, to]) => ({ from, to: String(to) })),
    write: (rows) =>
      unlessBare(Object.fromEntries(rows.map(({ from, to }) => [from.trim(), Number(to)]))),
  },
  hours: {
    read: (hours) => ({
      zone: hours?.zone ?? "",
      windows: (hours?.windows ?? []).map(({ days = [], from, to }) => ({ days, from, to })),
    }),
    write: ({ zone, windows }) =>
      windows.length === 0
        ? undefined
        : {
            zone: zone.trim(),
            windows: windows.map(({ days, from, to }) => ({
              ...listed("days", days),
              from: from.trim(),
              to: to.trim(),
            })),
          },
  },
  websocket: flag,
  on_disconnect: choice<Schemas["OnDisconnect"]>("cancel"),
  auto_disable: {
    read: (disable) => ({
      on: disable !== undefined,
      after: String(disable?.after ?? 3),
      causes: disable?.causes ?? [],
    }),
    write: ({ on, after, causes }) =>
      on ? { after: Number(after), ...listed("causes", causes) } : undefined,
  },
  test_model: line,
  test_every_minutes: count,
  probe_every_seconds: count,
  tags: { read: (tags) => tags ?? [], write: (tags) => filled(tags) },
  remark: line,
};

/** In the order of the form. */
export const optionNames = Object.keys(forms) as readonly OptionName[];

const isBare = (object: object) => Object.keys(object).length === 0;
const unlessBare = <T extends object>(object: T) => (isBare(object) ? undefined : object);
const filled = <T>(list: readonly T[]) => (list.length === 0 ? undefined : [...list]);
const listed = <Key extends string, T>(key: Key, list: readonly T[]) =>
  (list.length === 0 ? {} : { [key]: [...list] }) as { [One in Key]?: T[] };

export const draftOf = (options: ChannelOptions = {}): OptionsDraft =>
  Object.fromEntries(
    optionNames.map((name) => [name, forms[name].read(options[name] as never)]),
  ) as unknown as OptionsDraft;

/** One option as it is sent; `undefined` where it does nothing. */
const written = (name: OptionName, value: OptionsDraft[OptionName]): unknown =>
  forms[name].write(value as never);

/** The options as a whole: what was touched on top of what is stored. Options this page does not know stay. */
export function optionsOf(
  stored: ChannelOptions = {},
  touched: Partial<OptionsDraft>,
): ChannelOptions {
  const options: Record<string, unknown> = { ...stored };
  for (const name of optionNames) {
    const value = touched[name];
    if (value === undefined) continue;
    const option = written(name, value);
    if (option === undefined) delete options[name];
    else options[name] = option;
  }
  return options;
}

/** An option as one line of text; empty where it does nothing. */
export function lineOf(name: OptionName, value: OptionsDraft[OptionName]): string {
  if (name === "params") return String(value).replace(/\s+/g, " ").trim();
  const option = written(name, value);
  if (option === undefined) return "";
  return typeof option === "string" ? option : JSON.stringify(option);
}
