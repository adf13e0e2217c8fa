/** What a recipe is made for: where, with which key, which models, in which shell. */

import type { Dialect, UserModel } from "@/api/types";

export const shells = ["macos_linux", "powershell", "cmd"] as const;

/** A shell that commands are written for. */
export type Os = (typeof shells)[number];

/** A model as far as a client cares. */
export type Model = Pick<UserModel, "name" | "dialects">;

export interface Target {
  /** Scheme, host and port, without a slash at its end. */
  origin: string;
  /** The API key in full, or something in its place. */
  key: string;
  /** The models to configure; the first is the one to begin with. Never empty. */
  models: readonly [Model, ...Model[]];
  os: Os;
}

/** Stands where the person's own key goes. Plain ASCII: every shell and code page shows it. */
export const keyPlaceholder = "sk_YOUR_KEY";

/** The variable that holds the key wherever a client lets us name it. */
export const keyVariable = "REALMS_API_KEY";

/** What every check asks the model. */
export const greeting = "Say hello";

/** A target whose values have no line breaks, other control characters or halves of characters. */
export function cleanTarget(target: Target): Target {
  const [first, ...rest] = target.models;
  const cleanModel = (model: Model): Model => ({ ...model, name: clean(model.name) });
  return {
    os: target.os,
    origin: clean(target.origin).replace(/\/+$/, ""),
    key: clean(target.key).trim(),
    models: [cleanModel(first), ...rest.map(cleanModel)],
  };
}

function clean(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]|\p{Cs}/gu, "");
}

/** A key that is recognised but not given away: its beginning and its last four characters. ASCII, so that shells
    quote it no more than the key itself. */
export function maskKey(key: string): string {
  if (key === keyPlaceholder) return key;
  return key.length > 12 ? `${key.slice(0, 3)}...${key.slice(-4)}` : "...";
}

/** The first of `preferred` that the model speaks. */
export function dialectOf(model: Model, preferred: readonly Dialect[]): Dialect | undefined {
  return preferred.find((dialect) => model.dialects.includes(dialect));
}
