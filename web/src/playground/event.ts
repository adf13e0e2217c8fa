/** What an answer tells, step by step, in whatever dialect. */

import type { PlayError, PlayUsage } from "./conversation";

export type PlayEvent =
  | { type: "text"; text: string }
  | { type: "thinking"; text: string }
  | { type: "thinking_signature"; signature: string }
  /** The beginning of a call, or more of its arguments. `key` tells calls of one answer apart. */
  | {
      type: "tool_call";
      key: string;
      id?: string;
      name?: string;
      arguments?: string;
      signature?: string;
    }
  | { type: "model"; model: string }
  | { type: "usage"; usage: PlayUsage }
  | { type: "done"; reason: string }
  | { type: "error"; error: PlayError };

/** Reads the frames of one answer. */
export interface Reader {
  /** The JSON of one frame; `[DONE]` is none. */
  frame(value: Json, event: string | undefined): PlayEvent[];
  /** The whole answer, where it did not stream. */
  body(value: Json): PlayEvent[];
}

/** JSON that nobody has looked at: any step into it may find nothing. */
export type Json = unknown;

/** A member of an object. */
export function at(value: Json, ...path: (string | number)[]): Json {
  let here: Json = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = (here as Record<string | number, Json>)[step];
  }
  return here;
}

export function textAt(value: Json, ...path: (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" && found !== "" ? found : undefined;
}

export function countAt(value: Json, ...path: (string | number)[]): number {
  const found = at(value, ...path);
  return typeof found === "number" && found > 0 ? found : 0;
}

export function listAt(value: Json, ...path: (string | number)[]): readonly Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as Json[]) : [];
}
