/** Limits as the server keeps them and as a form holds them. */
import * as z from "zod/mini";

import type { Limits } from "@/api/types";
import { countMistake, optionalCount } from "@/form/rules";

export type LimitKind = keyof Limits;

/** As typed; empty is no limit. */
export type LimitsDraft = Readonly<Record<LimitKind, string>>;

/** What keeps a limit from being saved, as a message of `common:rules`. */
export type LimitMistakes = Partial<Record<LimitKind, string>>;

const every: Record<LimitKind, true> = {
  requests_per_minute: true,
  tokens_per_minute: true,
  concurrency: true,
  streams: true,
};

/** In the order in which they are shown. */
export const limitKinds = Object.keys(every) as readonly LimitKind[];

const forEvery = <Value>(of: (kind: LimitKind) => Value): Record<LimitKind, Value> =>
  Object.fromEntries(limitKinds.map((kind) => [kind, of(kind)])) as Record<LimitKind, Value>;

/** What a form begins with. */
export const limitsDraftOf = (limits: Limits = {}): LimitsDraft =>
  forEvery((kind) => String(limits[kind] ?? ""));

/** The limits as a whole, of a draft without mistakes. */
export function limitsOf(draft: LimitsDraft): Limits {
  const limits: Limits = {};
  for (const kind of limitKinds) {
    const text = draft[kind].trim();
    if (text !== "") limits[kind] = Number(text);
  }
  return limits;
}

export function limitMistakesOf(draft: LimitsDraft): LimitMistakes {
  const mistakes: LimitMistakes = {};
  for (const kind of limitKinds) {
    const mistake = countMistake(draft[kind]);
    if (mistake !== undefined) mistakes[kind] = mistake;
  }
  return mistakes;
}

/** The part of a form's schema. */
export const limitsSchema = z.object(forEvery(optionalCount));

export const isUnlimited = (limits: Limits | undefined) =>
  limitKinds.every((kind) => limits?.[kind] === undefined);

/** Whether two drafts say the same. */
export const isSameLimits = (left: LimitsDraft, right: LimitsDraft) =>
  limitKinds.every((kind) => left[kind].trim() === right[kind].trim());
