import { describe, expect, it } from "vitest";

import { parseMarkdown } from "./blocks";
import { hrefOf } from "./links";
import { parseSpans } from "./spans";
import type { Block, Span } from "./syntax";

/** Spans as a short text, each with its kind. */
const short = (spans: readonly Span[]): string =>
  spans
    .map((span) => {
      if (span.kind === "text") return span.text;
      if (span.kind === "break") return "<br>";
      if (span.kind === "code") return `<code ${span.text}>`;
      if (span.kind === "link") return `<${span.href} ${short(span.content)}>`;
      return `<${span.kind} ${short(span.content)}>`;
    })
    .join("");

const line = (text: string) => short(parseSpans(text));

/** Blocks as a short text, each on a line. */
const outline = (blocks: readonly Block[], depth = 0): string[] =>
  blocks.flatMap((block) => {
    const indent = "  ".repeat(depth);
    if (block.kind === "rule") return [`${indent}rule`];
    if (block.kind === "code") return [`${indent}code ${block.language}: ${block.text}`];
    if (block.kind === "quote") return [`${indent}quote`, ...outline(block.blocks, depth + 1)];
    if (block.kind === "list") {
      const rows = block.items.flatMap((item) => [`${indent}  -`, ...outline(item, depth + 2)]);
      return [`${indent}list ${block.start ?? "plain"}`, ...rows];
    }
    const name = block.kind === "heading" ? `h${block.level}` : "p";
    return [`${indent}${name}: ${short(block.content)}`];
  });

describe("within a paragraph", () => {
  it.each([
    ["**bold** and *it* and _it_", "<strong bold> and <stress it> and <stress it>"],
    ["***both***", "<strong <stress both>>"],
    ["*a **b** c*", "<stress a <strong b> c>"],
    ["**a *b***", "<strong a <stress b>>"],
    ["a snake_case_name and 2 * 3 * 4", "a snake_case_name and 2 * 3 * 4"],
    ["**never closed, *neither", "**never closed, *neither"],
    ["\\*as written\\*", "*as written*"],
    ["`a*b*` and `` a`b ``", "<code a*b*> and <code a`b>"],
    ["a ` alone", "a ` alone"],
    ["one\ntwo", "one<br>two"],
    ["**[a *b*](https://e.org)**", "<strong <https://e.org/ a <stress b>>>"],
  ])("%j is %s", (text, spans) => {
    expect(line(text)).toBe(spans);
  });
});

describe("links", () => {
  it.each([
    ["[site](https://e.org/a_(b))", "<https://e.org/a_(b) site>"],
    ['[site](<https://e.org> "title")', "<https://e.org/ site>"],
    ["[mail](mailto:ana@e.org)", "<mailto:ana@e.org mail>"],
    ["see https://e.org/x_y, too.", "see <https://e.org/x_y https://e.org/x_y>, too."],
    ["(https://e.org)", "(<https://e.org/ https://e.org>)"],
    ["见https://e.org/x。好", "见<https://e.org/x https://e.org/x>。好"],
    ["[https://a.org](https://b.org)", "<https://b.org/ https://a.org>"],
    ["![a picture](https://e.org/p.png)", "<https://e.org/p.png a picture>"],
    ["![](https://e.org/p.png)", "<https://e.org/p.png https://e.org/p.png>"],
    ["[a] and [b](https://e.org)", "[a] and <https://e.org/ b>"],
  ])("%j is %s", (text, spans) => {
    expect(line(text)).toBe(spans);
  });

  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<b>",
    "vbscript:x",
    "//e.org",
    "/api/session",
    "https:",
    "http://[",
    "file:///etc/passwd",
  ])("lead nowhere by %j", (target) => {
    expect(hrefOf(target)).toBeUndefined();
    expect(parseSpans(`[x](${target})`).map(({ kind }) => kind)).not.toContain("link");
  });
});

describe("line by line", () => {
  it.each([
    ["# One\n\ntext\n### Three", ["h1: One", "p: text", "h3: Three"]],
    ["#tag is no heading", ["p: #tag is no heading"]],
    ["a\n\n---\n\nb", ["p: a", "rule", "p: b"]],
    ["```ts\nlet a = `*`;\n\n```\nafter", ["code ts: let a = `*`;\n", "p: after"]],
    ["~~~\n```\n~~~", ["code : ```"]],
    ["```\nnever closed", ["code : never closed"]],
    ["> a\n> > b\nc", ["quote", "  p: a", "  quote", "    p: b", "p: c"]],
    ["3. x\n4. y", ["list 3", "  -", "    p: x", "  -", "    p: y"]],
    [
      "- a\n  more\nand on\n\n  b\nc",
      ["list plain", "  -", "    p: a<br>more<br>and on", "    p: b<br>c"],
    ],
    ["In\n2026. it was", ["p: In<br>2026. it was"]],
    [
      "- a\n- b\n  - c",
      [
        "list plain",
        "  -",
        "    p: a",
        "  -",
        "    p: b",
        "    list plain",
        "      -",
        "        p: c",
      ],
    ],
    ["text\n- a", ["p: text", "list plain", "  -", "    p: a"]],
    ["- a\n1. b", ["list plain", "  -", "    p: a", "list 1", "  -", "    p: b"]],
    ["a\r\nb", ["p: a<br>b"]],
    ["", []],
  ])("%j", (text, blocks) => {
    expect(outline(parseMarkdown(text))).toEqual(blocks);
  });
});

it.each([
  ["stars", "*a **b ".repeat(1_000)],
  ["runs of stars", `${"*".repeat(4_000)}a${"*".repeat(4_000)}`],
  ["brackets", "[".repeat(8_000)],
  ["links without an end", "[a](".repeat(2_000)],
  ["backticks of every length", Array.from({ length: 120 }, (_, at) => "`".repeat(at)).join("a")],
  ["quotes in quotes", ">".repeat(8_000)],
  ["lists in lists", "- ".repeat(4_000)],
  ["blank lines", `- a\n${"\n".repeat(8_000)}b`],
  ["blanks", `\`\`\`${" ".repeat(8_000)}\``],
])("a text of %s is read, too", (_, text) => {
  expect(parseMarkdown(text).length).toBeGreaterThan(0);
});
