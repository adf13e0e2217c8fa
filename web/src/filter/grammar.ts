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
  let at = 0;
  while (at < line.length) {
    if (isBlank(line[at])) {
      at += 1;
      continue;
    }
    const to = endOfChunk(line, at);
    chunks.push({ from: at, to, text: line.slice(at, to) });
    at = to;
  }
  return chunks;
}

/** Quotes count only where a value begins: `5" screen` is two words. */
function endOfChunk(line: string, from: number): number {
  let at = from + (headOf(line.slice(from))?.length ?? 0);
  let isValue = at > from;
  while (at < line.length && !isBlank(line[at])) {
    if (isValue && line[at] === '"') {
      at = Math.min(line.length, closeOfQuote(line, at) + 1);
      isValue = false;
      continue;
    }
    isValue = at > from && line[at] === ",";
    at += 1;
  }
  return at;
}

/** Where the quote that begins at `from` is closed, or the end of the text; inside, `\"` and `\\` stand for one sign. */
function closeOfQuote(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += isEscape(text, at) ? 2 : 1;
  return Math.min(text.length, at);
}

const isEscape = (text: string, at: number) =>
  text[at] === "\\" && (text[at + 1] === '"' || text[at + 1] === "\\");

const isBlank = (sign: string | undefined) => sign !== undefined && /\s/.test(sign);

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
  if (!values || values.some(({ text }) => text === "")) return undefined;
  if (isRange && (values.length > 1 || values[0]?.prefix)) return undefined;
  return { field: start.field, operator: start.operator, values };
}

/** Values with commas between; `undefined` if something goes on behind a quote. */
function parseValues(rest: string): Value[] | undefined {
  const values: Value[] = [];
  let at = 0;
  while (at <= rest.length) {
    const close = rest[at] === '"' ? closeOfQuote(rest, at) : undefined;
    const behindAt = close === undefined ? at : Math.min(rest.length, close + 1);
    const comma = rest.indexOf(",", behindAt);
    const end = comma < 0 ? rest.length : comma;
    const behind = rest.slice(behindAt, end);
    if (close !== undefined) {
      if (behind !== "" && behind !== "*") return undefined;
      const text = rest.slice(at + 1, close).replace(/\\(["\\])/g, "$1");
      values.push({ text, prefix: behind === "*" });
    } else {
      const prefix = behind.length > 1 && behind.endsWith("*");
      values.push({ text: prefix ? behind.slice(0, -1) : behind, prefix });
    }
    at = end + 1;
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
  const written = isBare(text) ? text : `"${text.replace(/"|\\(?=["\\]|$)/g, "\\$&")}"`;
  return prefix ? `${written}*` : written;
}

/** Whether a text needs no quotes. */
export const isBare = (text: string) => /^[^\s",][^\s,]*$/.test(text) && !text.endsWith("*");

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
