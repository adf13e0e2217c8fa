/** JSON with the line each value stands on. The browsers' own reader tells no lines, and takes a name given twice. */

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

/** Why a text is no JSON, and where. */
export class JsonMistake extends Error {
  override name = "JsonMistake";
  constructor(
    readonly code: "syntax" | "twice" | "too_deep",
    readonly line: number,
    readonly column: number,
  ) {
    super(`${code} in line ${line}, column ${column}`);
  }
}

export interface JsonText {
  readonly value: Json;
  /** The line of the value at a path such as `channel.0.name`. */
  readonly lineOf: (path: string) => number | undefined;
}

const deepest = 32;
const scalar =
  /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;
const blank = /[ \t\r\n]*/y;

export function parseJson(text: string): JsonText {
  const lines = new Map<string, number>();
  let at = text.startsWith("\uFEFF") ? 1 : 0;

  const skip = () => {
    blank.lastIndex = at;
    blank.exec(text);
    at = blank.lastIndex;
  };
  const lineAt = (place: number) => text.slice(0, place).split("\n").length;
  const fail = (code: JsonMistake["code"], place = at): never => {
    const column = place - text.lastIndexOf("\n", place - 1);
    throw new JsonMistake(code, lineAt(place), column);
  };
  const take = (mark: string): boolean => {
    skip();
    if (text[at] !== mark) return false;
    at += 1;
    return true;
  };
  const one = (): Json => {
    skip();
    scalar.lastIndex = at;
    const found = scalar.exec(text)?.[0];
    if (found === undefined) return fail("syntax");
    at += found.length;
    return JSON.parse(found) as Json;
  };
  const members = (path: string, depth: number): Json => {
    const found = new Map<string, Json>();
    if (take("}")) return {};
    do {
      skip();
      const place = at;
      const name = text[at] === '"' ? one() : fail("syntax");
      if (found.has(String(name))) fail("twice", place);
      if (!take(":")) fail("syntax");
      found.set(String(name), value(`${path}${String(name)}`, depth + 1));
    } while (take(","));
    if (!take("}")) fail("syntax");
    return Object.fromEntries(found);
  };
  const items = (path: string, depth: number): Json => {
    const found: Json[] = [];
    if (take("]")) return found;
    do found.push(value(`${path}${found.length}`, depth + 1));
    while (take(","));
    if (!take("]")) fail("syntax");
    return found;
  };
  const value = (path: string, depth: number): Json => {
    if (depth > deepest) fail("too_deep");
    skip();
    lines.set(path, at);
    const below = path === "" ? "" : `${path}.`;
    if (take("{")) return members(below, depth);
    if (take("[")) return items(below, depth);
    return one();
  };

  const whole = value("", 0);
  skip();
  if (at < text.length) fail("syntax");
  return {
    value: whole,
    lineOf: (path) => {
      const place = lines.get(path);
      return place === undefined ? undefined : lineAt(place);
    },
  };
}
