/** Names changed by a pattern: `*` stands for anything, and in the new name for what it stood for in the old. */
import type { Binding } from "./channel";

export interface Pattern {
  /** `models/*`, `*-2025*` */
  readonly from: string;
  /** `*`, `prod-*` */
  readonly to: string;
}

/** The new name; `undefined` where the pattern does not fit. */
export function rename(name: string, { from, to }: Pattern): string | undefined {
  if (from === "") return undefined;
  const parts = from.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  // The last star takes as much as there is, those before it as little as will do.
  const stars = parts.length - 1;
  const source = parts.reduce(
    (text, part, at) => `${text}${at === stars ? "(.*)" : "(.*?)"}${part}`,
  );
  const match = new RegExp(`^${source}$`, "s").exec(name);
  if (!match) return undefined;
  let star = 0;
  return to.replace(/\*/g, () => {
    star += 1;
    return match[star] ?? "";
  });
}

/** What a pattern does to one of the bindings. */
export interface Renaming {
  readonly upstream: string;
  readonly before: string;
  readonly after: string;
  /** Why it would not do: no name is left, or another binding has it. */
  readonly mistake?: "empty" | "taken";
}

/** What a pattern does to the public names, judged by the vendor's names so that it can be applied again. */
export function renamings(bindings: readonly Binding[], pattern: Pattern): Renaming[] {
  const results = bindings.map((one) => rename(one.upstream, pattern)?.trim());
  const names = bindings.map((one, at) => results[at] ?? one.name);
  const isTaken = (after: string) => names.filter((name) => name === after).length > 1;
  return bindings.flatMap(({ upstream, name: before }, at): Renaming[] => {
    const after = results[at];
    if (after === undefined || after === before) return [];
    const mistake = after === "" ? "empty" : isTaken(after) ? "taken" : undefined;
    return [{ upstream, before, after, ...(mistake && { mistake }) }];
  });
}

/** The bindings with the new names; what would not do stays as it is. */
export function renamed(bindings: readonly Binding[], pattern: Pattern): Binding[] {
  const sound = renamings(bindings, pattern).filter(({ mistake }) => mistake === undefined);
  const after = new Map(sound.map((one) => [one.before, one.after]));
  return bindings.map((one) => ({ ...one, name: after.get(one.name) ?? one.name }));
}
