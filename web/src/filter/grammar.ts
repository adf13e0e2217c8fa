/** The language of filters: `status:429 model:claude* key:"my laptop",ci cost>0.1 client!:curl` and free words. */

/** `:` is, `!:` is not, `>` above, `<` below. */
export const operators = ["!:", ":", ">", "<"] as const;
export type Operator = (typeof operators)[number];

/** One value of a term; `prefix` is a trailing `*`: everything that begins so. */
export interface Value {
  readonly text: string;
  readonly prefix: boolean;
}

/** A condition. Several values mean any of them; `>` and `<` have exactly one. */
export interface Term {
  readonly field: string;
  readonly operator: Operator;
  readonly values: readonly Value[];
}

/** What a line says: conditions, and the words that are none. */
export interface Line {
  readonly terms: readonly Term[];
  readonly words: string;
}

/** A stretch of a line without blanks, but for those in quotes: `from` to `to`, exclusive. */
export interface Chunk {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const head = /^([a-z][a-z0-9_]*)(!:|:|>|<)/;

/** The chunks of a line in order. A quote that is never closed reaches to the end. */
export function chunksOf(line: string): Chunk[] {
  const chunks: Chunk[] = [];
  let from = -1;
  let isQuoted = false;
  for (let at = 0; at <= line.length; at += 1) {
    const sign = line[at];
    const isEnd = sign === undefined || (!isQuoted && /\s/.test(sign));
    if (isEnd) {
      if (from >= 0) chunks.push({ from, to: at, text: line.slice(from, at) });
      from = -1;
      continue;
    }
    if (from < 0) from = at;
    if (isQuoted && sign === "\\") at += 1;
    else if (sign === '"') isQuoted = !isQuoted;
  }
  return chunks;
}

/** Reads a line. What is no term, or names a field that `isField` does not know, stays a word. */
export function parseLine(line: string, isField: (name: string) => boolean = () => true): Line {
  const terms: Term[] = [];
  const words: string[] = [];
  for (const { text } of chunksOf(line)) {
    const term = parseTerm(text);
    if (term && isField(term.field)) terms.push(term);
    else words.push(text);
  }
  return { terms, words: words.join(" ") };
}

/** The field and operator that a chunk begins with, and where its values begin. */
export function headOf(
  chunk: string,
): { field: string; operator: Operator; length: number } | undefined {
  const match = head.exec(chunk);
  if (!match) return undefined;
  const [all, field = "", operator] = match;
  return { field, operator: operator as Operator, length: all.length };
}

/** Reads one term; `undefined` if it is none, or a value is missing. */
export function parseTerm(chunk: string): Term | undefined {
  const start = headOf(chunk);
  if (!start) return undefined;
  const values = parseValues(chunk.slice(start.length));
  const isRange = start.operator === ">" || start.operator === "<";
  if (values.length === 0 || values.some(({ text }) => text === "")) return undefined;
  if (isRange && (values.length > 1 || values[0]?.prefix)) return undefined;
  return { field: start.field, operator: start.operator, values };
}

function parseValues(rest: string): Value[] {
  const values: Value[] = [];
  let at = 0;
  while (at <= rest.length) {
    let text = "";
    let prefix = false;
    let wasQuoted = false;
    while (at < rest.length && rest[at] !== ",") {
      if (rest[at] === '"') {
        wasQuoted = true;
        at += 1;
        while (at < rest.length && rest[at] !== '"') {
          if (rest[at] === "\\" && at + 1 < rest.length) at += 1;
          text += rest[at];
          at += 1;
        }
        at += 1;
        continue;
      }
      const isLast = at + 1 >= rest.length || rest[at + 1] === ",";
      if (rest[at] === "*" && isLast && (text !== "" || wasQuoted)) prefix = true;
      else text += rest[at];
      at += 1;
    }
    values.push({ text, prefix });
    at += 1; // the comma
    if (at > rest.length) break;
  }
  return values;
}

/** A line that reads back as the same. */
export function printLine({ terms, words }: Line): string {
  return [...terms.map(printTerm), words].filter(Boolean).join(" ");
}

/** The conditions alone: what a list asks its server for in `filter`. */
export function printTerms(terms: readonly Term[]): string {
  return terms.map(printTerm).join(" ");
}

export function printTerm({ field, operator, values }: Term): string {
  return field + operator + values.map(printValue).join(",");
}

/** A value as it is written: in quotes if it must be. */
export function printValue({ text, prefix }: Value): string {
  const isBare = /^[^\s",\\*]+$/.test(text);
  const written = isBare ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
  return prefix ? `${written}*` : written;
}

/** A value that means exactly this text. */
export const exactly = (text: string): Value => ({ text, prefix: false });

export function isSameTerm(left: Term, right: Term): boolean {
  return printTerm(left) === printTerm(right);
}

/** The terms with one more; a further value of the same field and operator joins the one that is there. */
export function withTerm(terms: readonly Term[], added: Term): readonly Term[] {
  const canJoin = added.operator === ":" || added.operator === "!:";
  const at = canJoin
    ? terms.findIndex(({ field, operator }) => field === added.field && operator === added.operator)
    : -1;
  const there = terms[at];
  if (!there) return terms.some((term) => isSameTerm(term, added)) ? terms : [...terms, added];
  const known = new Set(there.values.map(printValue));
  const values = [
    ...there.values,
    ...added.values.filter((value) => !known.has(printValue(value))),
  ];
  return terms.with(at, { ...there, values });
}
