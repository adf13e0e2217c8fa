import { otherKey, type Series, type Tone } from "./series";

/** A colour token: `chart-1` to `chart-7` for series, `chart-8` for the rest, or that of a state. */
export type ColourName = `chart-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}` | Exclude<Tone, "none">;

const palette = [
  "chart-1",
  "chart-2",
  "chart-3",
  "chart-4",
  "chart-5",
  "chart-6",
  "chart-7",
] as const satisfies ColourName[];

/** The classes of a colour, written out so that the style sheet has them. */
export const fillClasses: Record<ColourName, string> = {
  "chart-1": "fill-chart-1",
  "chart-2": "fill-chart-2",
  "chart-3": "fill-chart-3",
  "chart-4": "fill-chart-4",
  "chart-5": "fill-chart-5",
  "chart-6": "fill-chart-6",
  "chart-7": "fill-chart-7",
  "chart-8": "fill-chart-8",
  ok: "fill-ok",
  warn: "fill-warn",
  err: "fill-err",
  info: "fill-info",
};

/** The colour of each series by its key: the same on every page, and never one twice among up to seven. */
export function coloursOf(
  series: readonly Pick<Series, "key" | "tone">[],
): Map<string, ColourName> {
  const colours = new Map<string, ColourName>();
  const taken = new Set<ColourName>();
  for (const { key, tone } of series) {
    if (tone) colours.set(key, tone === "none" ? "chart-8" : tone);
    else if (key === otherKey) colours.set(key, "chart-8");
  }
  for (const { key } of series) {
    if (colours.has(key)) continue;
    const start = hashOf(key) % palette.length;
    const free = palette.map((_, step) => palette[(start + step) % palette.length] ?? "chart-8");
    const colour = free.find((name) => !taken.has(name)) ?? "chart-8";
    taken.add(colour);
    colours.set(key, colour);
  }
  return colours;
}

/** FNV-1a, 32 bits: the same for the same key everywhere. */
export function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
