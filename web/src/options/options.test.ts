import { describe, expect, it } from "vitest";
import { ApiProblem } from "@/api/problem";
import type { ChannelOptions } from "@/api/types";
import { diff, spread } from "./diff";
import { mistakesIn, ownMistakes, stillTrue } from "./mistakes";
import { draftOf, lineOf, optionNames, optionsOf } from "./options";
import { fullOptions as full } from "./options-fixture";
import { headersOf, sampleOf } from "./samples";

describe("options", () => {
  it("come out of their form as they went in, each of them", () => {
    expect(Object.keys(full).sort()).toEqual([...optionNames].sort());
    expect(optionsOf({}, draftOf(full))).toEqual(full);
  });

  it("that do nothing are left out", () => {
    expect(optionsOf({}, draftOf())).toEqual({});
    expect(optionsOf(full, draftOf())).toEqual({});
    for (const name of optionNames) expect(lineOf(name, draftOf()[name])).toBe("");
  });

  it("that were not touched, or that this page does not know, stay", () => {
    const stored = { ...full, later: 1 } as ChannelOptions;
    expect(optionsOf(stored, { remark: "", store: "drop" })).toEqual({
      ...stored,
      remark: undefined,
      store: "drop",
    });
  });
});

describe("mistakes in options", () => {
  const base = draftOf();

  it.each([
    [{ params: "{" }, "params", "json"],
    [{ params: "[]" }, "params", "object"],
    [{ headers: { set: [{ name: " ", value: "a" }], remove: [] } }, "headers.set.0", "header_name"],
    [
      {
        headers: {
          set: [
            { name: "X-A", value: "1" },
            { name: "x-a", value: "2" },
          ],
          remove: [],
        },
      },
      "headers.set.1",
      "twice",
    ],
    [{ status_codes: [{ from: "200", to: "500" }] }, "status_codes.0.from", "status"],
    [{ status_codes: [{ from: "400", to: "ok" }] }, "status_codes.0.to", "status"],
    [{ auto_disable: { on: true, after: "0", causes: [] } }, "auto_disable.after", "after"],
    [{ test_every_minutes: "0" }, "test_every_minutes", "minutes"],
    [{ test_every_minutes: "10081" }, "test_every_minutes", "minutes"],
    [{ probe_every_seconds: "9" }, "probe_every_seconds", "seconds"],
    [{ probe_every_seconds: "soon" }, "probe_every_seconds", "seconds"],
  ])("%j is told before it is sent", (change, field, message) => {
    expect(ownMistakes({ ...base, ...change })).toEqual([{ field, message }]);
  });

  it("that are none are not told", () => {
    expect(ownMistakes(base)).toEqual([]);
    expect(ownMistakes(draftOf(full))).toEqual([]);
  });

  it("of the server are read out of its words and its pointers", () => {
    const problem = new ApiProblem({
      code: "invalid",
      mistakes: [
        "channel `a: b`: options.model_rules.0.pattern: is no regular expression: unclosed group",
        "channel `a`: there is no channel_group `x`",
      ],
      fields: [{ pointer: "/options/remark", code: "too_long", detail: "is too long" }],
    });
    expect(mistakesIn(problem)).toEqual([
      { field: "model_rules.0.pattern", message: "is no regular expression: unclosed group" },
      { field: "remark", message: "is too long" },
    ]);
    expect(mistakesIn(undefined)).toEqual([]);
    const unread = new ApiProblem({ code: "malformed", detail: "unknown variant `sett`" });
    expect(mistakesIn(unread)).toEqual([{ field: "params", message: "unknown variant `sett`" }]);
  });

  it("hold only while the option stays as it was sent", () => {
    const told = { of: base, mistakes: [{ field: "remark", message: "is too long" }] };
    expect(stillTrue(told, { ...base, project: "p" })).toHaveLength(1);
    expect(stillTrue(told, { ...base, remark: "short" })).toEqual([]);
  });
});

describe("what differs between two bodies", () => {
  const marked = (before: string, after: string) => {
    const sides = diff(before, after);
    const of = (lines: typeof sides.before) =>
      lines.filter(({ changed }) => changed).map(({ text }) => text);
    return [of(sides.before), of(sides.after)];
  };

  it.each([
    ["a\nb\nc", "a\nb\nc", [], []],
    ["a\nb\nc", "a\nx\nc", ["b"], ["x"]],
    ["a\nc", "a\nb\nc", [], ["b"]],
    ["a\nb\nc\nd\ne", "a\nc\nd\nx\ne", ["b"], ["x"]],
    ["", "a", [""], ["a"]],
  ])("%j → %j", (before, after, left, right) => {
    expect(marked(before, after)).toEqual([left, right]);
  });

  it("is bounded: of very long texts all in between counts", () => {
    const long = (word: string) =>
      ["{", ...Array.from({ length: 600 }, (_, at) => `${word}${at}`), "}"].join("\n");
    const [left, right] = marked(long("a"), long("b"));
    expect([left?.length, right?.length]).toEqual([600, 600]);
  });

  it("is seen on lines of their own, where it is JSON", () => {
    expect(spread('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(spread("{a")).toBe("{a");
  });
});

describe("a request to try options on", () => {
  it("names the model where the dialect has it in the body", () => {
    expect(JSON.parse(sampleOf("messages", "m"))).toMatchObject({ model: "m", max_tokens: 256 });
    expect(sampleOf("gemini", "m")).not.toContain('"m"');
  });

  it("has headers as lines", () => {
    expect(headersOf("x-a: 1\n\n X-B : two: three ")).toEqual({
      headers: { "x-a": "1", "X-B": "two: three" },
    });
    expect(headersOf("x-a: 1\nno header")).toEqual({ wrong: "no header" });
  });
});
