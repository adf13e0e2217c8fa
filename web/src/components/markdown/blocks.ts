/** Reads a text of Markdown line by line. Every text has a reading: what is no mark is text. */
import { type Head, headOf, itemAt } from "./items";
import { parseSpans } from "./spans";
import type { Block } from "./syntax";

/** A block, where there is one, and the line after it. */
interface Part {
  readonly block?: Block;
  readonly to: number;
}

type Lines = readonly string[];

/** Quotes and lists in each other; deeper ones are paragraphs. */
const deepest = 8;

const fence = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const heading = /^ {0,3}(#{1,6})(?:\s|$)/;
const rule = /^ {0,3}([-*_])(?: *\1){2,} *$/;
const quote = /^ {0,3}> ?/;
/** Of lists with numbers only a new one ends a paragraph: a year at the beginning of a line does not. */
const list = /^ {0,3}(?:[-*+]|1[.)]) +\S/;

export function parseMarkdown(text: string): Block[] {
  return blocksOf(text.split(/\r\n?|\n/), 0);
}

function blocksOf(lines: Lines, depth: number): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const { block, to } = blockAt(lines, at, depth);
    if (block) blocks.push(block);
    at = to;
  }
  return blocks;
}

/** Whether a line ends the paragraph before it. */
const begins = (line: string) =>
  [fence, heading, rule, quote, list].some((beginning) => beginning.test(line));

function blockAt(lines: Lines, at: number, depth: number): Part {
  const line = lines[at] ?? "";
  if (line.trim() === "") return { to: at + 1 };
  const [, mark, language = ""] = fence.exec(line) ?? [];
  if (mark !== undefined) return codeAt(lines, at, mark, language.trim());
  const [all, signs = ""] = heading.exec(line) ?? [];
  if (all !== undefined) {
    const content = parseSpans(line.slice(all.length).trim());
    return { block: { kind: "heading", level: signs.length, content }, to: at + 1 };
  }
  if (rule.test(line)) return { block: { kind: "rule" }, to: at + 1 };
  if (depth < deepest && quote.test(line)) return quoteAt(lines, at, depth);
  const head = depth < deepest ? headOf(line) : undefined;
  return head ? listAt(lines, at, head, depth) : paragraphAt(lines, at);
}

/** To the fence that closes it, or to the end. */
function codeAt(lines: Lines, at: number, mark: string, language: string): Part {
  const closes = (line: string) => {
    const end = line.trim();
    return end.length >= mark.length && end === mark.charAt(0).repeat(end.length);
  };
  let to = at + 1;
  while (to < lines.length && !closes(lines[to] ?? "")) to += 1;
  const text = lines.slice(at + 1, to).join("\n");
  return { block: { kind: "code", language, text }, to: to + 1 };
}

function quoteAt(lines: Lines, at: number, depth: number): Part {
  let to = at;
  while (to < lines.length && quote.test(lines[to] ?? "")) to += 1;
  const inside = lines.slice(at, to).map((line) => line.replace(quote, ""));
  return { block: { kind: "quote", blocks: blocksOf(inside, depth + 1) }, to };
}

function listAt(lines: Lines, at: number, first: Head, depth: number): Part {
  const items: Block[][] = [];
  let to = at;
  let next = at;
  let head: Head | undefined = first;
  // A list with numbers ends where one without begins, and the other way round.
  while (head && (head.number === undefined) === (first.number === undefined)) {
    const found = itemAt(lines, next, head, begins);
    items.push(blocksOf(found.inside, depth + 1));
    to = found.to;
    next = to;
    while (next < lines.length && (lines[next] ?? "").trim() === "") next += 1;
    const line = lines[next] ?? "";
    head = rule.test(line) ? undefined : headOf(line);
  }
  return { block: { kind: "list", start: first.number, items }, to };
}

/** A line ends where it was ended: people write so. */
function paragraphAt(lines: Lines, at: number): Part {
  let to = at + 1;
  while (to < lines.length && (lines[to] ?? "").trim() !== "" && !begins(lines[to] ?? "")) to += 1;
  const text = lines
    .slice(at, to)
    .map((line) => line.trim())
    .join("\n");
  return { block: { kind: "paragraph", content: parseSpans(text) }, to };
}
