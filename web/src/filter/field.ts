import type { Facet } from "@/api/types";
import type { Operator, Value } from "./grammar";

/** What a list can be filtered by. Texts are already in the language of the reader. */
export interface FilterField {
  /** The name in the grammar: `api_key`. */
  readonly name: string;
  readonly label: string;
  readonly kind: "choice" | "text" | "number" | "flag";
  /** What is known of its values; counts come with the facets. */
  readonly values?: readonly FieldValue[];
  /** What a number counts: `USD`, `ms`. */
  readonly unit?: string;
}

export interface FieldValue {
  readonly value: string;
  readonly label?: string;
}

export type { Facet };

/** A value that can be chosen, most frequent first. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly count?: number;
}

/** What can be asked of a field. */
export function operatorsOf(field: FilterField): readonly Operator[] {
  if (field.kind === "number") return [">", "<", ":"];
  if (field.kind === "flag") return [":"];
  return [":", "!:"];
}

/** The values to choose from: those with counts first, then the rest that is known. */
export function choicesOf(field: FilterField, facets: readonly Facet[] = []): Choice[] {
  const labels = new Map(field.values?.map(({ value, label }) => [value, label]));
  const counted = facets.find((facet) => facet.field === field.name)?.values ?? [];
  const choices: Choice[] = [...counted]
    .sort((left, right) => right.count - left.count)
    .map(({ value, label, count }) => ({
      value,
      label: labels.get(value) ?? label ?? value,
      count,
    }));
  const seen = new Set(choices.map(({ value }) => value));
  for (const { value, label } of field.values ?? []) {
    if (!seen.has(value)) choices.push({ value, label: label ?? value });
  }
  return choices;
}

/** A value as a chip shows it. */
export function labelOfValue(
  { text, prefix }: Value,
  field: FilterField | undefined,
  facets: readonly Facet[] = [],
): string {
  if (prefix) return `${text}*`;
  const choice = field && choicesOf(field, facets).find(({ value }) => value === text);
  return choice?.label ?? text;
}
