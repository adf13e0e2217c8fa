/** What the fields of a model accept. */
import * as z from "zod/mini";

import { ppmOf } from "@/channel-groups/multiplier";
import { optionalText, optionalUsd } from "@/form/rules";
import { priceFields } from "./price";
import {
  hasTerms,
  mostLanes,
  mostTiers,
  type TermsDraft,
  type TierDraft,
  tierParts,
} from "./terms";

const tier = z.object({
  above: z.string().check(z.trim(), z.regex(/^[1-9]\d{0,11}$/, { error: "tokens" })),
  input: optionalUsd(),
  output: optionalUsd(),
  cache_read: optionalUsd(),
  cache_write_5m: optionalUsd(),
  cache_write_1h: optionalUsd(),
});

const lane = z.object({
  name: z.string().check(z.trim(), z.regex(/^[a-z_]{1,32}$/, { error: "lane_name" })),
  multiplier: z.string().check(
    z.trim(),
    z.refine((text) => ppmOf(text) !== undefined, { error: "multiplier" }),
  ),
});

/** Tiers rise, and each says something. */
const tiers = z
  .array(tier)
  .check(z.maxLength(mostTiers, { error: `too_many:${mostTiers}` }), ({ value, issues }) => {
    for (const [at, one] of value.entries()) {
      const before = value[at - 1];
      const add = (field: keyof TierDraft, message: string) =>
        issues.push({ code: "custom", message, path: [at, field], input: value });
      if (before && Number(one.above) <= Number(before.above)) add("above", "tier_order");
      if (tierParts.every((part) => one[part] === "")) add("input", "tier_empty");
    }
  });

/** Each lane is there once. */
const lanes = z
  .array(lane)
  .check(z.maxLength(mostLanes, { error: `too_many:${mostLanes}` }), ({ value, issues }) => {
    const names = value.map(({ name }) => name);
    for (const [at, name] of names.entries()) {
      if (name === "" || names.indexOf(name) === at) continue;
      issues.push({ code: "custom", message: "lane_twice", path: [at, "name"], input: value });
    }
  });

const half = (own: "input_usd_per_1m" | "output_usd_per_1m") =>
  z.refine<Record<string, unknown>>((draft) => draft[own] !== "" || !hasOther(draft, own), {
    error: "price_half",
    path: [own],
  });

/** Whether a price is given besides this one: input and output come together, and before anything else. */
const hasOther = (draft: Record<string, unknown>, own: string) =>
  priceFields.some((field) => field !== own && draft[field] !== "") ||
  hasTerms(draft.terms as TermsDraft);

export const modelSchema = z
  .object({
    name: z.string().check(
      z.trim(),
      z.minLength(1, { error: "required" }),
      z.maxLength(255, { error: "too_long:255" }),
      z.refine((name) => !/\s/.test(name), { error: "model_name" }),
    ),
    owner: optionalText(128),
    enabled: z.boolean(),
    input_usd_per_1m: optionalUsd(),
    output_usd_per_1m: optionalUsd(),
    cache_read_usd_per_1m: optionalUsd(),
    cache_write_5m_usd_per_1m: optionalUsd(),
    cache_write_1h_usd_per_1m: optionalUsd(),
    terms: z.object({
      reasoning: optionalUsd(),
      audio_input: optionalUsd(),
      audio_output: optionalUsd(),
      image_input: optionalUsd(),
      image_output: optionalUsd(),
      request: optionalUsd(),
      tool_call: optionalUsd(),
      image: optionalUsd(),
      tiers,
      lanes,
    }),
    price_pinned: z.boolean(),
    pin: z.nullable(z.boolean()),
  })
  .check(half("input_usd_per_1m"), half("output_usd_per_1m"));
