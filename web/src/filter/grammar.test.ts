import { describe, expect, it } from "vitest";

import {
  chunksOf,
  exactly,
  operators,
  parseLine,
  parseTerm,
  printLine,
  printTerm,
  type Term,
  withTerm,
} from "./grammar";

/** A small generator with a seed: the same values on every run. */
function chance(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const signs = [..."abcXYZ019-_./:<>!*\",\\'() \t\n", "é", "通", "ר", "😀", "#", "&", "%", "\u200b"];

describe("a line", () => {
  it("is read into terms and words", () => {
    const line = 'status:429 hello model:claude* key:"my laptop",ci world cost>0.1 client!:curl';
    expect(parseLine(line)).toEqual({
      terms: [
        { field: "status", operator: ":", values: [exactly("429")] },
        { field: "model", operator: ":", values: [{ text: "claude", prefix: true }] },
        { field: "key", operator: ":", values: [exactly("my laptop"), exactly("ci")] },
        { field: "cost", operator: ">", values: [exactly("0.1")] },
        { field: "client", operator: "!:", values: [exactly("curl")] },
      ],
      words: "hello world",
    });
  });

  it.each([
    ["status:", "without a value"],
    ["status:a,,b", "with a value missing"],
    ["status:a,", "with a value missing at the end"],
    ['status:""', "of nothing"],
    ["cost>1,2", "above two things"],
    ["cost>1*", "above a prefix"],
    [":429", "without a field"],
    ["Status:429", "with a capital"],
    ["https://example.org/a", "of a field that nobody knows"],
  ])("keeps %s as a word: a term %s", (text) => {
    expect(parseLine(text, (name) => name === "status" || name === "cost")).toEqual({
      terms: [],
      words: text,
    });
  });

  it("closes an open quote at its end", () => {
    expect(parseTerm('key:"my lap')).toEqual({
      field: "key",
      operator: ":",
      values: [exactly("my lap")],
    });
  });

  it("takes a star in quotes, or alone, as a star", () => {
    expect(parseTerm('model:"a*"')?.values).toEqual([exactly("a*")]);
    expect(parseTerm("model:*")?.values).toEqual([exactly("*")]);
    expect(parseTerm('model:"two words"*')?.values).toEqual([{ text: "two words", prefix: true }]);
  });

  it("takes a quote inside a word as part of it", () => {
    expect(parseLine('5" screen status:429')).toEqual({
      terms: [{ field: "status", operator: ":", values: [exactly("429")] }],
      words: '5" screen',
    });
    expect(parseLine('key:"a"b')).toEqual({ terms: [], words: 'key:"a"b' });
  });

  it("has chunks that know their places", () => {
    expect(chunksOf('  a:"b c" d')).toEqual([
      { from: 2, to: 9, text: 'a:"b c"' },
      { from: 10, to: 11, text: "d" },
    ]);
  });
});

describe("what is printed", () => {
  it("reads back as the same, whatever the values hold", () => {
    const next = chance(42);
    const text = () =>
      Array.from({ length: 1 + next(12) }, () => signs[next(signs.length)]).join("");
    for (let round = 0; round < 2_000; round += 1) {
      const terms = Array.from({ length: next(4) }, (): Term => {
        const operator = operators[next(operators.length)] ?? ":";
        const isRange = operator === ">" || operator === "<";
        return {
          field: ["model", "status", "api_key", "cost"][next(4)] ?? "model",
          operator,
          values: Array.from({ length: isRange ? 1 : 1 + next(3) }, () => ({
            text: text(),
            prefix: !isRange && next(3) === 0,
          })),
        };
      });
      const line = { terms, words: ["", "two words", "429"][next(3)] ?? "" };
      expect(parseLine(printLine(line))).toEqual(line);
    }
  });

  it("settles after one round, whatever was typed", () => {
    const next = chance(7);
    for (let round = 0; round < 2_000; round += 1) {
      const typed = Array.from({ length: next(30) }, () =>
        next(5) === 0 ? "model:" : signs[next(signs.length)],
      ).join("");
      const once = parseLine(typed);
      expect(parseLine(printLine(once)).terms).toEqual(once.terms);
    }
  });

  it("has quotes only where they are needed", () => {
    expect(printTerm({ field: "a", operator: ":", values: [exactly("x-1.2/b")] })).toBe(
      "a:x-1.2/b",
    );
    expect(printTerm({ field: "a", operator: ":", values: [exactly('say "hi"')] })).toBe(
      'a:"say \\"hi\\""',
    );
    const bare = ['5"', "a\\b", "C:\\", "a*b", "<x>", "a:b"];
    expect(
      bare.map((text) => printTerm({ field: "a", operator: ":", values: [exactly(text)] })),
    ).toEqual(bare.map((text) => `a:${text}`));
  });
});

describe("one more term", () => {
  const status = (...values: string[]): Term => ({
    field: "status",
    operator: ":",
    values: values.map(exactly),
  });

  it("joins the values of its field", () => {
    expect(withTerm([status("429")], status("500"))).toEqual([status("429", "500")]);
    expect(withTerm([status("429")], status("429"))).toEqual([status("429")]);
  });

  it("stands alone if it is above or below, or says not", () => {
    const above = (value: string): Term => ({
      field: "cost",
      operator: ">",
      values: [exactly(value)],
    });
    expect(withTerm([above("1")], above("2"))).toEqual([above("1"), above("2")]);
    expect(withTerm([above("1")], above("1"))).toEqual([above("1")]);
    expect(withTerm([status("429")], { ...status("500"), operator: "!:" })).toHaveLength(2);
  });
});
