import { choicesOf, type Facet, type FilterField, operatorsOf } from "./field";
import { chunksOf, exactly, headOf, printValue } from "./grammar";

/** Something to put in the place of what is being typed. */
export interface Suggestion {
  readonly kind: "field" | "value";
  /** What the text becomes: the whole chunk, `model:` or `model:gpt-5`. */
  readonly insert: string;
  readonly label: string;
  readonly hint?: string;
  readonly count?: number;
}

/** The stretch of the line that a suggestion replaces. */
export interface Suggestions {
  readonly from: number;
  readonly to: number;
  readonly items: readonly Suggestion[];
}

const most = 12;

/** What could be meant at the caret: names of fields, or values of the field that is named. */
export function suggest(
  line: string,
  caret: number,
  fields: readonly FilterField[],
  facets: readonly Facet[] = [],
): Suggestions {
  const chunk = chunksOf(line).find(({ from, to }) => from <= caret && caret <= to);
  const { from, to } = chunk ?? { from: caret, to: caret };
  const typed = line.slice(from, caret);
  const start = headOf(typed);
  const field = start && fields.find(({ name }) => name === start.field);
  const items =
    start && field
      ? suggestValues(typed, start.length, field, facets)
      : start
        ? []
        : suggestFields(typed, fields);
  return { from, to, items: items.slice(0, most) };
}

function suggestFields(typed: string, fields: readonly FilterField[]): Suggestion[] {
  return ranked(typed, fields, ({ name, label }) => [name, label]).map((field) => ({
    kind: "field",
    insert: field.name + (operatorsOf(field)[0] ?? ":"),
    label: field.name,
    hint: field.label,
  }));
}

function suggestValues(
  typed: string,
  headLength: number,
  field: FilterField,
  facets: readonly Facet[],
): Suggestion[] {
  const comma = lastComma(typed, headLength);
  const kept = typed.slice(0, comma);
  const part = typed.slice(comma).replace(/^"|"$/g, "");
  return ranked(part, choicesOf(field, facets), ({ value, label }) => [value, label]).map(
    ({ value, label, count }) => ({
      kind: "value",
      insert: kept + printValue(exactly(value)),
      label,
      ...(label !== value && { hint: value }),
      ...(count !== undefined && { count }),
    }),
  );
}

/** Where the value being typed begins: after the last comma outside quotes. */
function lastComma(typed: string, start: number): number {
  let at = start;
  let isQuoted = false;
  for (let index = start; index < typed.length; index += 1) {
    if (isQuoted && typed[index] === "\\") index += 1;
    else if (typed[index] === '"') isQuoted = !isQuoted;
    else if (typed[index] === "," && !isQuoted) at = index + 1;
  }
  return at;
}

/** Those that begin with the text before those that hold it; otherwise in their order. */
function ranked<Item>(
  typed: string,
  items: readonly Item[],
  textsOf: (item: Item) => readonly string[],
): Item[] {
  const wanted = typed.toLocaleLowerCase();
  const rankOf = (item: Item) =>
    Math.min(
      ...textsOf(item).map((text) => {
        const at = text.toLocaleLowerCase().indexOf(wanted);
        return at < 0 ? 2 : at === 0 ? 0 : 1;
      }),
    );
  return items
    .map((item) => ({ item, rank: rankOf(item) }))
    .filter(({ rank }) => rank < 2)
    .sort((left, right) => left.rank - right.rank)
    .map(({ item }) => item);
}
