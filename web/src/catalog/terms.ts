/** What of a price few models have, as a form holds it: decimal strings, `""` where nothing is said. */
import type { PriceTerms, PriceTier } from "@/api/types";
import { plain } from "@/channel-groups/multiplier";

/** Parts of a call that can have a price of their own, for a million tokens. */
export const partTerms = [
  "reasoning",
  "audio_input",
  "audio_output",
  "image_input",
  "image_output",
] as const;
/** What is paid by the piece. */
export const pieceTerms = ["request", "tool_call", "image"] as const;
export const singleTerms = [...partTerms, ...pieceTerms] as const;

export const tierParts = [
  "input",
  "output",
  "cache_read",
  "cache_write_5m",
  "cache_write_1h",
] as const;

export type SingleTerm = (typeof singleTerms)[number];
export type TierPart = (typeof tierParts)[number];

/** What prompts of more than `above` tokens cost. */
export type TierDraft = Record<TierPart | "above", string>;

export interface LaneDraft {
  name: string;
  multiplier: string;
}

export interface TermsDraft extends Record<SingleTerm, string> {
  tiers: readonly TierDraft[];
  lanes: readonly LaneDraft[];
}

/** The most that the server keeps. */
export const mostTiers = 8;
export const mostLanes = 16;

export const freshTier: TierDraft = {
  above: "",
  input: "",
  output: "",
  cache_read: "",
  cache_write_5m: "",
  cache_write_1h: "",
};

export const freshLane: LaneDraft = { name: "", multiplier: "" };

export function termsDraftOf(terms: PriceTerms = {}): TermsDraft {
  const singles = singleTerms.map((term) => [term, terms[term] ?? ""] as const);
  return {
    ...(Object.fromEntries(singles) as Record<SingleTerm, string>),
    tiers: (terms.tiers ?? []).map(tierDraftOf),
    lanes: Object.entries(terms.lanes ?? {}).map(([name, multiplier]) => ({
      name,
      multiplier: plain(multiplier),
    })),
  };
}

function tierDraftOf(tier: PriceTier): TierDraft {
  const parts = tierParts.map((part) => [part, tier[part] ?? ""] as const);
  return { above: String(tier.above), ...(Object.fromEntries(parts) as Record<TierPart, string>) };
}

/** As the server takes it, as a whole: `{}` takes all of it away. */
export function termsOf(draft: TermsDraft): PriceTerms {
  const { tiers, lanes } = draft;
  return {
    ...said(draft, singleTerms),
    ...(tiers.length > 0 && {
      tiers: tiers.map((tier) => ({ above: Number(tier.above), ...said(tier, tierParts) })),
    }),
    ...(lanes.length > 0 && {
      lanes: Object.fromEntries(lanes.map(({ name, multiplier }) => [name.trim(), multiplier])),
    }),
  };
}

/** Whether anything is said. */
export const hasTerms = (draft: TermsDraft) => Object.keys(termsOf(draft)).length > 0;

/** The tier that a prompt of so many tokens is charged at. */
export function tierAt({ tiers }: TermsDraft, tokens: number): TierDraft | undefined {
  return tiers.findLast(({ above }) => /^\d+$/.test(above.trim()) && tokens > Number(above));
}

function said<Key extends string>(
  draft: Record<Key, string>,
  keys: readonly Key[],
): Partial<Record<Key, string>> {
  const entries = keys.map((key) => [key, draft[key].trim()] as const);
  return Object.fromEntries(entries.filter(([, text]) => text !== "")) as never;
}
