/** Reads what stands within a paragraph: code, strong and stressed words, links. No text takes long, whatever it says:
    the end of a mark that is not there is looked for once. */
import { addressAt, linkAt } from "./links";
import { endOfCode, endOfMark, opens, runAt } from "./marks";
import type { Span } from "./syntax";

interface Place {
  /** How many marks are around it. */
  readonly depth: number;
  /** A link has no links in it. */
  readonly isInLink: boolean;
}

/** A span, and where the text goes on after it. */
interface Part {
  readonly span: Span;
  readonly to: number;
}

/** Marks in marks; deeper ones are text. */
const deepest = 8;

export function parseSpans(text: string, place: Place = { depth: 0, isInLink: false }): Span[] {
  const spans: Span[] = [];
  /** Runs that nothing ends in the rest of the text. */
  const endless = new Set<string>();
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain !== "") spans.push({ kind: "text", text: plain });
    plain = "";
  };
  while (at < text.length) {
    const part = partAt(text, at, place, endless);
    if (part === undefined) {
      plain += text.charAt(at);
      at += 1;
      continue;
    }
    at = part.to;
    if (part.span.kind === "text") {
      plain += part.span.text;
      continue;
    }
    flush();
    spans.push(part.span);
  }
  flush();
  return spans;
}

function partAt(text: string, at: number, place: Place, endless: Set<string>): Part | undefined {
  switch (text[at]) {
    case "\\":
      return escapedAt(text, at);
    case "\n":
      return { span: { kind: "break" }, to: at + 1 };
    case "`":
      return codeAt(text, at, endless);
    case "!":
      // A picture is a link to it: nothing is fetched before somebody wants to see it.
      return text[at + 1] === "[" ? linkedAt(text, at + 1, place) : undefined;
    case "[":
      return linkedAt(text, at, place);
    case "h":
    case "H":
      return barelyLinkedAt(text, at, place);
    case "*":
    case "_":
      return markedAt(text, at, place, endless);
    default:
      return undefined;
  }
}

const textPart = (text: string, to: number): Part => ({ span: { kind: "text", text }, to });

function escapedAt(text: string, at: number): Part | undefined {
  const sign = text.charAt(at + 1);
  return /^[!-/:-@[-`{-~]$/.test(sign) ? textPart(sign, at + 2) : undefined;
}

function codeAt(text: string, at: number, endless: Set<string>): Part {
  const run = runAt(text, at);
  const from = at + run.length;
  const end = endless.has(run) ? -1 : endOfCode(text, run, from);
  if (end < 0) {
    endless.add(run);
    return textPart(run, from);
  }
  const inside = text.slice(from, end).replaceAll("\n", " ");
  const isPadded = inside.startsWith(" ") && inside.endsWith(" ") && inside.trim() !== "";
  const code = isPadded ? inside.slice(1, -1) : inside;
  return { span: { kind: "code", text: code }, to: end + run.length };
}

function linkedAt(text: string, at: number, { depth, isInLink }: Place): Part | undefined {
  const link = isInLink || depth >= deepest ? undefined : linkAt(text, at);
  if (link === undefined) return undefined;
  const content = parseSpans(link.words, { depth: depth + 1, isInLink: true });
  return { span: { kind: "link", href: link.href, content }, to: link.to };
}

function barelyLinkedAt(text: string, at: number, { isInLink }: Place): Part | undefined {
  const link = isInLink ? undefined : addressAt(text, at);
  if (link === undefined) return undefined;
  const content: Span[] = [{ kind: "text", text: link.words }];
  return { span: { kind: "link", href: link.href, content }, to: link.to };
}

function markedAt(text: string, at: number, place: Place, endless: Set<string>): Part {
  const run = runAt(text, at);
  const after = at + run.length;
  const mark = run.slice(0, 2);
  const isOpen = place.depth < deepest && !endless.has(mark) && opens(text, at, run);
  if (!isOpen) return textPart(run, after);
  const end = endOfMark(text, mark, after);
  if (end < 0) {
    endless.add(mark);
    return textPart(run, after);
  }
  const inside = text.slice(at + mark.length, end);
  const content = parseSpans(inside, { ...place, depth: place.depth + 1 });
  const kind = mark.length === 2 ? "strong" : "stress";
  return { span: { kind, content }, to: end + mark.length };
}
