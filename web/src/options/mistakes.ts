/** What is wrong with options, and at which field: told by the page before it asks, and by the server after. */
import { asProblem } from "@/api/problem";
import { isSame } from "@/channels/use-channel-edit";
import { type OptionName, type OptionsDraft, optionNames } from "./options";

export interface Mistake {
  /** The field with dots between the names: `model_rules.0.pattern`. */
  readonly field: string;
  /** What is wrong with it; a key of `options:mistake` where the page tells. */
  readonly message: string;
}

/** Mistakes, and what they were found in: they hold for an option only while it stays as it was. */
export interface Told {
  readonly of: OptionsDraft;
  readonly mistakes: readonly Mistake[];
}

/** `channel `a`: options.params.operations.0.value: is missing`, as a mistake of a field. */
const spoken = /^channel `.*?`: options\.(.+?): (.+)$/s;

/** The mistakes of fields in a problem of the server. */
export function mistakesIn(error: unknown): Mistake[] {
  if (error === undefined) return [];
  const { code, detail, mistakes, fields } = asProblem(error);
  // All but the JSON that is typed has the form the server reads.
  if (code === "malformed") return [{ field: "params", message: detail }];
  const said = mistakes.flatMap((text): Mistake[] => {
    const [, field, message] = spoken.exec(text) ?? [];
    return field === undefined || message === undefined ? [] : [{ field, message }];
  });
  const pointed = fields.flatMap(({ pointer, detail }): Mistake[] => {
    const [top, ...path] = pointer.replace(/^#?\//, "").split("/");
    return top === "options" && path.length > 0 ? [{ field: path.join("."), message: detail }] : [];
  });
  return [...said, ...pointed];
}

const isError = (text: string) => /^\s*[45]\d\d\s*$/.test(text);

/** What the page can tell by itself, because the server could not even read it or would lose a row. */
export function ownMistakes(draft: OptionsDraft): Mistake[] {
  const found: Mistake[] = [];
  const add = (field: string, message: string) => found.push({ field, message });
  const params = paramsMistake(draft.params);
  if (params !== undefined) add("params", params);
  const { set } = draft.headers;
  for (const [at, name] of repeated(set.map((row) => row.name.trim().toLowerCase()))) {
    add(`headers.set.${at}`, name === "" ? "header_name" : "twice");
  }
  for (const [at, { from, to }] of draft.status_codes.entries()) {
    if (!isError(from)) add(`status_codes.${at}.from`, "status");
    if (!isError(to)) add(`status_codes.${at}.to`, "status");
  }
  for (const [at, from] of repeated(draft.status_codes.map((row) => row.from.trim()))) {
    if (from !== "") add(`status_codes.${at}.from`, "twice");
  }
  const { on, after } = draft.auto_disable;
  if (on && !(/^\s*\d{1,4}\s*$/.test(after) && Number(after) >= 1 && Number(after) <= 1000)) {
    add("auto_disable.after", "after");
  }
  if (!isCount(draft.test_every_minutes, 1, 10_080)) add("test_every_minutes", "minutes");
  if (!isCount(draft.probe_every_seconds, 10, 3_600)) add("probe_every_seconds", "seconds");
  return found;
}

/** Nothing, or a whole number within bounds. */
const isCount = (text: string, least: number, most: number) =>
  text.trim() === "" ||
  (/^\s*\d{1,5}\s*$/.test(text) && Number(text) >= least && Number(text) <= most);

/** Params that are no JSON object. */
function paramsMistake(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? undefined : "object";
  } catch {
    return "json";
  }
}

/** Items that are empty or stand in the list before, with their places. */
function repeated(items: readonly string[]): [number, string][] {
  return [...items.entries()].filter(([at, item]) => item === "" || items.indexOf(item) < at);
}

/** Those that still hold: of options that were not touched since. */
export const stillTrue = ({ of, mistakes }: Told, now: OptionsDraft): Mistake[] =>
  mistakes.filter(({ field }) => {
    const name = optionOf(field);
    return name !== undefined && isSame(of[name], now[name]);
  });

/** The option a field belongs to. */
export function optionOf(field: string): OptionName | undefined {
  return optionNames.find((name) => field === name || field.startsWith(`${name}.`));
}

/** The mistakes of a field and of what lies in it, each with the rest of its path. */
export const below = (
  mistakes: readonly Mistake[],
  field: string,
): { rest: string; message: string }[] =>
  mistakes.flatMap((one) => {
    if (one.field === field) return [{ rest: "", message: one.message }];
    return one.field.startsWith(`${field}.`)
      ? [{ rest: one.field.slice(field.length + 1), message: one.message }]
      : [];
  });
